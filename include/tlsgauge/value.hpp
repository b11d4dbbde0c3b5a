#pragma once
// A value of the result document: what JSON can say, with the order of members kept.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tlsgauge {

class Value {
 public:
  using Array = std::vector<Value>;
  using Member = std::pair<std::string, Value>;
  using Object = std::vector<Member>;

  Value() = default;                                               ///< null
  Value(std::nullptr_t) {}                                         // NOLINT(google-explicit-constructor)
  Value(bool v) : held_(v) {}                                      // NOLINT(google-explicit-constructor)
  Value(int v) : held_(std::int64_t{v}) {}                         // NOLINT(google-explicit-constructor)
  Value(unsigned v) : held_(std::int64_t{v}) {}                    // NOLINT(google-explicit-constructor)
  Value(std::int64_t v) : held_(v) {}                              // NOLINT(google-explicit-constructor)
  Value(std::uint64_t v) : held_(static_cast<std::int64_t>(v)) {}  // NOLINT(google-explicit-constructor)
  Value(double v) : held_(v) {}                                    // NOLINT(google-explicit-constructor)
  Value(std::string v) : held_(std::move(v)) {}                    // NOLINT(google-explicit-constructor)
  Value(std::string_view v) : held_(std::string{v}) {}             // NOLINT(google-explicit-constructor)
  Value(char const* v) : held_(std::string{v}) {}                  // NOLINT(google-explicit-constructor)
  Value(Array v) : held_(std::move(v)) {}                          // NOLINT(google-explicit-constructor)
  Value(Object v) : held_(std::move(v)) {}                         // NOLINT(google-explicit-constructor)

  static Value object() { return Value{Object{}}; }
  static Value array() { return Value{Array{}}; }

  [[nodiscard]] bool is_null() const { return held_.index() == 0; }
  [[nodiscard]] bool is_bool() const { return std::holds_alternative<bool>(held_); }
  [[nodiscard]] bool is_int() const { return std::holds_alternative<std::int64_t>(held_); }
  [[nodiscard]] bool is_double() const { return std::holds_alternative<double>(held_); }
  [[nodiscard]] bool is_number() const { return is_int() || is_double(); }
  [[nodiscard]] bool is_string() const { return std::holds_alternative<std::string>(held_); }
  [[nodiscard]] bool is_array() const { return std::holds_alternative<Array>(held_); }
  [[nodiscard]] bool is_object() const { return std::holds_alternative<Object>(held_); }

  /// The content, or the given substitute when the value is of another type.
  [[nodiscard]] bool as_bool(bool otherwise = false) const;
  [[nodiscard]] std::int64_t as_int(std::int64_t otherwise = 0) const;
  [[nodiscard]] double as_double(double otherwise = 0) const;
  [[nodiscard]] std::string const& as_string() const;  ///< empty when no string
  [[nodiscard]] Array const& items() const;            ///< empty when no array
  [[nodiscard]] Object const& members() const;         ///< empty when no object

  /// The member of that name, or nullptr.
  [[nodiscard]] Value const* find(std::string_view key) const;
  /// The member of that name, or null: chains through missing parts.
  [[nodiscard]] Value const& operator[](std::string_view key) const;
  /// The value behind a dotted path such as "http.hsts.max_age", or nullptr.
  [[nodiscard]] Value const* at_path(std::string_view path) const;

  /// Adds or replaces a member; a null becomes an object first. Returns *this, so that calls chain.
  Value& set(std::string_view key, Value value);
  /// Appends to an array; a null becomes an array first.
  Value& push_back(Value value);

  /// Order of object members counts; the integer 1 and the number 1.0 differ.
  friend bool operator==(Value const&, Value const&) = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> held_;
};

}  // namespace tlsgauge
