// The words about HTTP beyond the first page.

#include "policy/readers.hpp"

namespace tlsgauge::policy {

void add_web_facts(std::vector<FactSpec>& all) {
  all.push_back({.name = "http.hsts.on_error",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "an error page carries a valid Strict-Transport-Security header; not applicable where none is to be had",
                 .noun = "HSTS on error pages",
                 .read = read_hsts_on_error,
                 .affirmed = "an error page carries the header",
                 .denied = "an error page does not carry the header",
                 .optional = true});
  all.push_back({.name = "http.hsts.on_redirect",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the redirect of the first page and the page behind it on the same host both carry a valid header; not "
                             "applicable where neither does",
                 .noun = "HSTS on redirects",
                 .read = read_hsts_on_redirect,
                 .affirmed = "a redirect and the page behind it carry the header",
                 .denied = "a redirect or the page behind it does not carry the header",
                 .optional = true});
  all.push_back({.name = "http.hsts.inherited",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the first page carries the header where another page of the host does",
                 .noun = "HSTS on the first page",
                 .read = read_hsts_inherited,
                 .affirmed = "the first page carries the header",
                 .denied = "the first page lacks the header that another has",
                 .optional = true});
  all.push_back({.name = "http.hsts.preload_eligible",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the name may go on the browsers' preload list",
                 .noun = "HSTS preloading",
                 .read = read_hsts_preload_eligible,
                 .affirmed = "the name may be preloaded",
                 .denied = "the name may not be preloaded",
                 .optional = true});
  all.push_back({.name = "http.http2.works",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "HTTP/2 works; not applicable where the server does not choose it",
                 .noun = "HTTP/2",
                 .read = read_http2_works,
                 .affirmed = "HTTP/2 works",
                 .denied = "HTTP/2 is chosen and does not work",
                 .optional = true});
  all.push_back({.name = "http.cookies.insecure",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the cookies set over TLS without Secure; not applicable where none is set",
                 .noun = "cookies without Secure",
                 .read = read_insecure_cookies,
                 .verb = "found",
                 .optional = true});
  all.push_back({.name = "http.obsolete_headers",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "header fields that browsers have given up: expect-ct, public-key-pins, public-key-pins-report-only",
                 .noun = "obsolete headers",
                 .read = read_obsolete_headers,
                 .verb = "found",
                 .optional = true});
  all.push_back(
      {.name = "plain_http.redirects_to_https",
       .type = Type::boolean,
       .scope = Scope::endpoint,
       .sentence = "the answer of plain HTTP is a redirect to HTTPS; not applicable where plain HTTP is not spoken or was not asked",
       .noun = "plain HTTP",
       .read = read_plain_redirects,
       .affirmed = "plain HTTP redirects to HTTPS",
       .denied = "plain HTTP does not redirect to HTTPS",
       .optional = true});
  all.push_back({.name = "plain_http.same_host",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "the redirect of plain HTTP leads to the host itself; not applicable where there is none",
                 .noun = "the redirect of plain HTTP",
                 .read = read_plain_same_host,
                 .affirmed = "plain HTTP redirects within the host",
                 .denied = "plain HTTP redirects to another host",
                 .optional = true});
  all.push_back({.name = "plain_http.hsts",
                 .type = Type::boolean,
                 .scope = Scope::endpoint,
                 .sentence = "Strict-Transport-Security is sent over plain HTTP, where browsers must ignore it",
                 .noun = "HSTS over plain HTTP",
                 .read = read_plain_hsts,
                 .affirmed = "the header is sent over plain HTTP",
                 .denied = "the header is not sent over plain HTTP",
                 .optional = true});
  all.push_back({.name = "plain_http.cookies",
                 .type = Type::texts,
                 .scope = Scope::endpoint,
                 .sentence = "the cookies set over plain HTTP without Secure; not applicable where none is set",
                 .noun = "cookies in the clear",
                 .read = read_plain_cookies,
                 .verb = "found",
                 .optional = true});
}

}  // namespace tlsgauge::policy
