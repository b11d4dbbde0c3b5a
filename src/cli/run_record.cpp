#include "cli/run_record.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "crypto/key_share.hpp"
#include "tlsgauge/version.hpp"

namespace tlsgauge::cli {

Document new_document(std::vector<std::string> const& arguments) {
  Document document;
  document.schema = kSchema;
  document.tool = {std::string{kName}, std::string{kVersion}, crypto::openssl_version()};
  document.run.started_at = rfc3339(now());
  document.run.finished_at = document.run.started_at;
  for (std::string const& argument : arguments) document.run.arguments.push_back(to_utf8(argument));
  return document;
}

}  // namespace tlsgauge::cli
