#include "tlsgauge/value.hpp"

namespace tlsgauge {
namespace {

Value const kNull;
std::string const kNoText;
Value::Array const kNoItems;
Value::Object const kNoMembers;

}  // namespace

bool Value::as_bool(bool otherwise) const {
  auto const* v = std::get_if<bool>(&held_);
  return v ? *v : otherwise;
}

std::int64_t Value::as_int(std::int64_t otherwise) const {
  auto const* v = std::get_if<std::int64_t>(&held_);
  return v ? *v : otherwise;
}

double Value::as_double(double otherwise) const {
  if (auto const* v = std::get_if<double>(&held_)) return *v;
  if (auto const* v = std::get_if<std::int64_t>(&held_)) return static_cast<double>(*v);
  return otherwise;
}

std::string const& Value::as_string() const {
  auto const* v = std::get_if<std::string>(&held_);
  return v ? *v : kNoText;
}

Value::Array const& Value::items() const {
  auto const* v = std::get_if<Array>(&held_);
  return v ? *v : kNoItems;
}

Value::Object const& Value::members() const {
  auto const* v = std::get_if<Object>(&held_);
  return v ? *v : kNoMembers;
}

Value const* Value::find(std::string_view key) const {
  for (Member const& member : members()) {
    if (member.first == key) return &member.second;
  }
  return nullptr;
}

Value const& Value::operator[](std::string_view key) const {
  Value const* const found = find(key);
  return found ? *found : kNull;
}

Value const* Value::at_path(std::string_view path) const {
  Value const* at = this;
  while (at && !path.empty()) {
    auto const dot = path.find('.');
    at = at->find(path.substr(0, dot));
    path = dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1);
  }
  return at;
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) held_ = Object{};
  auto& members = std::get<Object>(held_);
  for (Member& member : members) {
    if (member.first == key) {
      member.second = std::move(value);
      return *this;
    }
  }
  members.emplace_back(std::string{key}, std::move(value));
  return *this;
}

Value& Value::push_back(Value value) {
  if (is_null()) held_ = Array{};
  std::get<Array>(held_).push_back(std::move(value));
  return *this;
}

}  // namespace tlsgauge
