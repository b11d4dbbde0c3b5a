#pragma once
// A chain as sent. Copies share it: it is kept for each answer that showed it, and it may have megabytes.

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace tlsgauge::wire {

/// DER certificates, the end entity's first.
class CertificateList {
 public:
  using value_type = Bytes;
  using const_iterator = std::vector<Bytes>::const_iterator;
  using iterator = const_iterator;

  CertificateList() = default;
  CertificateList(std::vector<Bytes> certificates) : all_(std::make_shared<std::vector<Bytes> const>(std::move(certificates))) {}
  CertificateList(std::initializer_list<Bytes> certificates) : CertificateList(std::vector<Bytes>{certificates}) {}

  operator std::vector<Bytes> const&() const { return all(); }
  [[nodiscard]] std::vector<Bytes> const& all() const {
    static std::vector<Bytes> const none;
    return all_ ? *all_ : none;
  }
  [[nodiscard]] bool empty() const { return all().empty(); }
  [[nodiscard]] std::size_t size() const { return all().size(); }
  [[nodiscard]] Bytes const& front() const { return all().front(); }
  [[nodiscard]] Bytes const& operator[](std::size_t place) const { return all()[place]; }
  [[nodiscard]] const_iterator begin() const { return all().begin(); }
  [[nodiscard]] const_iterator end() const { return all().end(); }
  void clear() { all_.reset(); }
  void push_back(Bytes certificate) {
    std::vector<Bytes> more = all();
    more.push_back(std::move(certificate));
    *this = CertificateList{std::move(more)};
  }
  [[nodiscard]] std::size_t octets() const {
    std::size_t sum = 0;
    for (Bytes const& each : all()) sum += each.size();
    return sum;
  }
  friend bool operator==(CertificateList const& a, CertificateList const& b) { return a.all_ == b.all_ || a.all() == b.all(); }

 private:
  std::shared_ptr<std::vector<Bytes> const> all_;
};

}  // namespace tlsgauge::wire
