#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <utility>

#include "report/samples.hpp"

namespace tlsgauge::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string asset(std::string const& name) { return file_content(TLSGAUGE_SOURCE_DIR "/reports/html/" + name); }

std::size_t count(std::string const& text, std::string const& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// All tags, without what stands between them and without style and script.
std::vector<std::string> tags(std::string const& html) {
  std::vector<std::string> out;
  std::size_t const script = html.rfind("<script>");
  std::size_t at = html.find('<');
  while (at < script) {
    std::size_t const end = html.find('>', at) + 1;
    std::string tag = html.substr(at, end - at);
    if (tag == "<style>") {
      at = html.find("</style>", end) + 8;
      at = html.find('<', at);
      continue;
    }
    if (!tag.starts_with("<!DOCTYPE")) out.push_back(std::move(tag));
    at = html.find('<', end);
  }
  return out;
}

TEST(HtmlTemplates, PlaceNothingUnescapedButOurOwn) {
  std::set<std::string> const allowed{"{{{css}}}",      "{{{script}}}",     "{{{endpoints}}}",  "{{{svg_ring}}}",      "{{{svg_validity}}}",
                                      "{{{svg_time}}}", "{{{svg_ladder}}}", "{{{svg_grades}}}", "{{{svg_protocols}}}", "{{{svg_expiry}}}"};
  for (char const* const name : {"page.mustache", "endpoint.mustache", "compact.mustache"}) {
    std::string const text = asset(name);
    std::regex const raw(R"(\{\{\{[^}]*\}\}\})");
    for (std::sregex_iterator at(text.begin(), text.end(), raw), end; at != end; ++at)
      EXPECT_TRUE(allowed.contains(at->str())) << at->str();
    EXPECT_FALSE(std::regex_search(text, std::regex(R"(\{\{\s*[&=>])"))) << name;
    EXPECT_FALSE(std::regex_search(text, std::regex(R"re(\s(style|on\w+)\s*=)re"))) << name;
  }
}

TEST(HtmlTemplates, CannotBreakOutOfTheirElements) {
  EXPECT_THAT(asset("style.css"), Not(HasSubstr("</")));
  EXPECT_THAT(asset("style.css"), Not(HasSubstr("url(")));
  for (char const* const banned : {"</", "<!--", "innerHTML", "eval", "fetch", "XMLHttp", "import("})
    EXPECT_THAT(asset("app.js"), Not(HasSubstr(banned)));
  for (char const* const name : {"style.css", "app.js"}) EXPECT_EQ(asset(name).find('\r'), std::string::npos);
}

class Html : public testing::TestWithParam<char const*> {};

TEST_P(Html, HasOneScriptOneStyleAndNoAttributeThatActs) {
  std::string const html = render("html", sample(GetParam()));
  EXPECT_EQ(count(html, "<script"), 1U);
  EXPECT_EQ(count(html, "<style"), 1U);
  EXPECT_THAT(html, HasSubstr("<style>" + asset("style.css") + "</style>"));
  EXPECT_THAT(html, HasSubstr("<script>" + asset("app.js") + "</script>"));
  std::regex const active("^<(img|iframe|object|embed|link|base|form|image|use|foreignObject)\\b");
  std::regex const quoted("\"[^\"]*\"");
  std::regex const acting("\\b(style|on\\w+|src|srcset|xlink:href|formaction)\\b\\s*=");
  for (std::string const& tag : tags(html)) {
    EXPECT_FALSE(std::regex_search(tag, active)) << tag;
    // What is left without the quoted values are the names of attributes.
    EXPECT_FALSE(std::regex_search(std::regex_replace(tag, quoted, ""), acting)) << tag;
  }
}

TEST_P(Html, LinksOnlyToTheWebAndIntoItself) {
  std::string const html = render("html", sample(GetParam()));
  std::regex const link("href=\"([^\"]*)\"");
  for (std::sregex_iterator at(html.begin(), html.end(), link), end; at != end; ++at) {
    EXPECT_TRUE(std::regex_match((*at)[1].str(), std::regex("#(rule:)?[-A-Za-z0-9_.]+|https?://[^\"'<> ]+"))) << (*at)[1];
  }
}

TEST_P(Html, ClosesWhatItOpens) {
  std::vector<std::string> open;
  for (std::string const& tag : tags(render("html", sample(GetParam())))) {
    bool const closing = tag.starts_with("</");
    std::size_t const begin = closing ? 2 : 1;
    std::string const name = tag.substr(begin, tag.find_first_of(" />", begin) - begin);
    bool const empty = tag.ends_with("/>") || name == "meta" || name == "br" || name == "input" || name == "col";
    if (!closing) {
      if (!empty) open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << tag;
    ASSERT_EQ(open.back(), name) << tag;
    open.pop_back();
  }
  EXPECT_EQ(open, (std::vector<std::string>{"html", "body"}));  // closed behind the script
}

TEST_P(Html, HasEachIdOnce) {
  std::string const html = render("html", sample(GetParam()));
  std::set<std::string> seen;
  std::regex const id(" id=\"([^\"]*)\"");
  for (std::sregex_iterator at(html.begin(), html.end(), id), end; at != end; ++at)
    EXPECT_TRUE(seen.insert((*at)[1].str()).second) << (*at)[1];
}

INSTANTIATE_TEST_SUITE_P(Samples, Html, testing::ValuesIn(kSamples),
                         [](auto const& sample_info) { return std::string{sample_info.param}; });

TEST(Html, ShowsHostileTextAsText) {
  std::string const html = render("html", sample("hostile"));
  EXPECT_THAT(html, HasSubstr("CN=&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(html, HasSubstr("{{title}}{{{css}}}"));
  EXPECT_THAT(html, HasSubstr("abc\\u{202E}txt.exe"));
  EXPECT_THAT(html, HasSubstr("NUL:\\x00 ESC:\\x1B[31m"));
  for (char const c : html) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
}

TEST(Html, ShowsVerdictFixesSuitesChainAndLadders) {
  std::string const html = render("html", sample("bad"));
  EXPECT_THAT(html, HasSubstr("2 endpoints: 0 pass, 2 fail"));
  EXPECT_THAT(html, HasSubstr("<pre><code>ssl_protocols TLSv1.2 TLSv1.3;</code></pre>"));
  EXPECT_THAT(html, HasSubstr("add_header Strict-Transport-Security &quot;max-age=63072000&quot; always;"));
  EXPECT_THAT(html, HasSubstr("<b class=\"broken\">broken</b> <bdi>RSA \u00b7 RC4, SHA1 \u00b7 no forward secrecy</bdi>"));
  EXPECT_THAT(html, HasSubstr("expired 12 days ago"));
  EXPECT_EQ(count(html, "class=\"ladder\""), 5U);
  EXPECT_THAT(html, HasSubstr("Not offered by the server"));
}

TEST(Html, ShowsWhatTheGradeRestsOn) {
  std::string const page = render("html", sample("bad"));
  EXPECT_NE(page.find("What the grade rests on"), std::string::npos);
  EXPECT_NE(page.find("at most 39 points while protocols-only-modern is not met"), std::string::npos);
  EXPECT_NE(page.find("strongest 256 bits, weakest 128 bits"), std::string::npos);
  EXPECT_NE(page.find("Heartbleed and ROBOT"), std::string::npos);
  EXPECT_NE(page.find("href=\"https://www.rfc-editor.org/rfc/rfc8996\""), std::string::npos);
}

TEST(Html, UnfoldsFewEndpointsAndFoldsMany) {
  Document document = sample("good");
  EXPECT_EQ(count(render("html", document), "<details class=\"endpoint\" id=\"www.example.com_443\" open>"), 1U);
  while (document.endpoints.size() < 10) document.endpoints.push_back(document.endpoints.front());
  std::string const html = render("html", document);
  EXPECT_EQ(count(html, "<details class=\"endpoint\" id=\"www.example.com_443"), 10U);
  EXPECT_EQ(count(html, " open>\n<summary>\n  <div class=\"who\">"), 0U);
}

Document many(std::size_t number) {
  Document document = sample("bad");
  std::vector<Endpoint> const kinds = document.endpoints;
  document.endpoints.clear();
  for (std::size_t i = 0; i < number; ++i) {
    document.endpoints.push_back(kinds[i % kinds.size()]);
    Endpoint& endpoint = document.endpoints.back();
    endpoint.target.host = endpoint.target.server_name = "host-" + std::to_string(i) + ".example.com";
    endpoint.target.port = 443;
    Value chains = Value::array();
    for (Value chain : endpoint.facts["certificates"].items()) {
      Value shown = chain["shown_for"];
      if (shown["sni"].is_string()) shown.set("sni", endpoint.target.server_name);
      chains.push_back(chain.set("shown_for", shown));
    }
    endpoint.facts.set("certificates", std::move(chains));
  }
  return document;
}

TEST(Html, ComparesManyEndpoints) {
  std::string const html = render("html", many(6));
  EXPECT_THAT(html, HasSubstr("<title>Grades: A+ 3, F 3</title>"));
  EXPECT_THAT(html, HasSubstr("<title>Certificates end: 3 expired, 0 within 30 days, 3 within 90 days, 0 later, 0 not known</title>"));
  EXPECT_THAT(html, HasSubstr("TLSv1.3 50 %, TLSv1.2 100 %, TLSv1.1 50 %, TLSv1.0 50 %, SSLv3 \u2265 0 % (3 not established)"));
  EXPECT_THAT(html, HasSubstr("post-quantum \u2265 0 % (3 not established)</title>"));
  EXPECT_THAT(html, HasSubstr("<li class=\"bad\"><b>6</b> fail</li>"));  // the good ones fail their second profile
  EXPECT_THAT(html, HasSubstr("Score: lowest 21, median 88, highest 100 of 100"));
}

TEST(Html, GroupsWhatToMendByRequirement) {
  std::string const html = render("html", many(6));
  std::size_t const first = html.find("<li id=\"rule:");
  ASSERT_NE(first, std::string::npos);
  std::string const group = html.substr(first, html.find("</details></li>", first) - first);
  EXPECT_THAT(group, HasSubstr("<span class=\"severity bad\">critical</span>"));
  EXPECT_THAT(group, HasSubstr("on 3 endpoints"));
  for (char const* const host : {"host-0", "host-2", "host-4"})
    EXPECT_THAT(group, HasSubstr("href=\"#" + std::string{host} + ".example.com_443--"));
  EXPECT_EQ(count(html, "<li id=\"rule:"), 6U);
  EXPECT_EQ(count(group, "<code>ssl_protocols TLSv1.2 TLSv1.3;</code>"), 1U);
}

TEST(Html, EveryLinkIntoThePageLeadsSomewhere) {
  for (std::size_t const number : {1U, 6U, 400U}) {
    std::string const html = render("html", many(number));
    std::set<std::string> ids;
    std::regex const id(" id=\"([^\"]*)\"");
    for (std::sregex_iterator at(html.begin(), html.end(), id), end; at != end; ++at)
      EXPECT_TRUE(ids.insert((*at)[1].str()).second) << (*at)[1];
    std::regex const link("href=\"#([^\"]*)\"");
    std::size_t links = 0;
    for (std::sregex_iterator at(html.begin(), html.end(), link), end; at != end; ++at, ++links)
      EXPECT_TRUE(ids.contains((*at)[1])) << (*at)[1];
    EXPECT_GT(links, number);
  }
}

TEST(Html, AnchorsOutliveOtherEndpoints) {
  Document document = many(4);
  std::string const before = render("html", document);
  EXPECT_THAT(before, HasSubstr("id=\"host-2.example.com_443--protocols-only-modern\""));
  document.endpoints.erase(document.endpoints.begin());
  EXPECT_THAT(render("html", document), HasSubstr("id=\"host-2.example.com_443--protocols-only-modern\""));
}

TEST(Html, SaysWhatABaselineKnows) {
  Document document = sample("bad");
  EXPECT_THAT(render("html", document), Not(HasSubstr("the baseline")));
  std::vector<Requirement>& list = document.endpoints.at(0).assessments.at(0).requirements;
  Baseline next = Baseline::known;
  for (Requirement& r : list) {
    if (r.verdict == Verdict::fail) r.baseline = std::exchange(next, Baseline::added);
  }
  std::string const html = render("html", document);
  EXPECT_THAT(html, HasSubstr("1 known from the baseline, 4 new"));
  EXPECT_EQ(count(html, "<span class=\"points\">known from the baseline</span>"), 1U);
  EXPECT_EQ(count(html, "<span class=\"points\">new since the baseline</span>"), 4U);
}

TEST(Html, EndpointsStandAsInTheTableTheWorstFirst) {
  Document document = sample("bad");
  std::swap(document.endpoints.at(0), document.endpoints.at(1));
  std::string const html = render("html", document);
  EXPECT_LT(html.find("id=\"legacy.example.net_8443\""), html.find("id=\"www.example.com_443\""));
}

TEST(Html, TheTableSaysWhyNothingWasMeasured) {
  std::string const html = render("html", sample("unreachable"));
  EXPECT_THAT(html, HasSubstr("<bdi class=\"dim\">unreachable: connect: timed out after 10 s, three times</bdi>"));
}

TEST(Html, SaysInLinesWhatIsTooMuchForCards) {
  Document const document = many(400);
  std::string const html = render("html", document);
  EXPECT_LT(html.size(), 2'500'000U);
  EXPECT_EQ(count(html, "<details class=\"endpoint compact\""), 400U);
  // Nothing that is unmet, open or waived is left out.
  std::size_t unmet = 0;
  std::size_t waived = 0;
  for (Endpoint const& endpoint : document.endpoints) {
    for (Assessment const& a : endpoint.assessments) {
      for (Requirement const& r : a.requirements) {
        unmet += r.verdict == Verdict::fail ? 1U : 0U;
        waived += r.verdict == Verdict::waived ? 1U : 0U;
      }
    }
  }
  EXPECT_EQ(count(html, "not met: <a href=\"#rule:"), unmet);
  EXPECT_EQ(count(html, "<span class=\"fair\">inconclusive</span> <bdi>Sessions can be resumed</bdi>"), 200U);
  EXPECT_EQ(count(html, "</span> waived <bdi>"), waived);
  EXPECT_THAT(html, HasSubstr("<bdi>Sessions: by the client, TLSv1.2: accepted, 10 of 10 times</bdi>"));
  EXPECT_THAT(html, HasSubstr("<b class=\"broken\">broken</b>"));
}

TEST(HtmlFolder, HasAnIndexAndAPageForEachEndpoint) {
  std::map<std::string, std::string> files;
  Document const document = many(5);
  find_report_format("html-dir")->write_folder(document, {}, [&](std::string const& name, std::string_view content) {
    EXPECT_TRUE(std::regex_match(name, std::regex("index\\.html|host-[0-9]\\.example\\.com_443-[0-9a-f]{12}\\.html"))) << name;
    EXPECT_TRUE(files.emplace(name, content).second) << name;
  });
  ASSERT_EQ(files.size(), 6U);
  std::string const& index = files.at("index.html");
  EXPECT_THAT(index, HasSubstr("<meta name=\"tlsgauge-report\" content=\"folder\">"));
  EXPECT_THAT(index, Not(HasSubstr("<details class=\"endpoint")));
  std::regex const link("href=\"([^\"#:]+)(#([^\"]+))?\"");
  std::set<std::string> linked;
  for (std::sregex_iterator at(index.begin(), index.end(), link), end; at != end; ++at) {
    ASSERT_TRUE(files.contains((*at)[1])) << (*at)[1];
    linked.insert((*at)[1]);
    if ((*at)[3].matched) {
      EXPECT_THAT(files.at((*at)[1]), HasSubstr("id=\"" + (*at)[3].str() + "\""));
    }
  }
  EXPECT_EQ(linked.size(), 5U);
  for (auto const& [name, page] : files) {
    if (name == "index.html") continue;
    EXPECT_THAT(page, HasSubstr("<a href=\"index.html\">"));
    EXPECT_EQ(count(page, "<details class=\"endpoint\""), 1U);
  }
}

TEST(HtmlFolder, NamesAreSafeWhateverTheHost) {
  Document document = many(3);
  document.endpoints[0].target.host = "../../etc/passwd";
  document.endpoints[1].target.host = std::string(5000, 'a');
  document.endpoints[2].target.host = "..\\..\\nul:\n<b>";
  std::set<std::string> names;
  find_report_format("html-dir")->write_folder(document, {}, [&](std::string const& name, std::string_view) {
    EXPECT_TRUE(std::regex_match(name, std::regex("[-a-z0-9_.]{1,128}"))) << name;
    EXPECT_EQ(name.find('/'), std::string::npos);
    names.insert(name);
  });
  EXPECT_EQ(names.size(), 4U);
}

std::string heading(Document const& document) {
  std::string const html = render("html", document);
  std::size_t const from = html.find("<h1 class=\"");
  std::string const h1 = html.substr(from, html.find("</h1>", from) - from);
  std::string const text = h1.substr(h1.find("<bdi>") + 5, h1.rfind("</bdi>") - h1.find("<bdi>") - 5);
  EXPECT_THAT(html, HasSubstr("<title>" + text + " - tlsgauge</title>"));
  return h1.substr(11, h1.find('"', 11) - 11) + ": " + text;
}

TEST(Html, HeadlineIsThatOfTheWorstProfileInWhicheverOrder) {
  Document document = sample("good");
  std::vector<Assessment>& all = document.endpoints[0].assessments;
  Assessment const base = all[0];
  EXPECT_EQ(heading(document), "good: www.example.com:443 meets nginx-recommended 1.0");
  all = {base, base, base, base};
  EXPECT_EQ(heading(document), "good: www.example.com:443 meets all 4 profiles");
  std::vector<Verdict> const verdicts{Verdict::pass, Verdict::inconclusive, Verdict::fail, Verdict::fail};
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].profile.name = "p" + std::to_string(i);
    all[i].verdict = verdicts[i];
    all[i].requirements.resize(1);
    all[i].requirements[0].verdict = verdicts[i];
    all[i].requirements[0].severity = i == 3 ? Severity::critical : Severity::low;
  }
  std::vector<Assessment> const judged = all;
  std::vector<std::size_t> order{0, 1, 2, 3};
  do {
    for (std::size_t i = 0; i < order.size(); ++i) all[i] = judged[order[i]];
    ASSERT_EQ(heading(document), "bad: www.example.com:443 does not meet 2 of 4 profiles, least of all p3 1.0");
  } while (std::ranges::next_permutation(order).found);
  all = judged;
  EXPECT_THAT(render("html", document),
              HasSubstr("<p class=\"how bad\"><bdi>4 profiles: not met: p2 1.0, p3 1.0; not fully judged: p1 1.0; met: p0 1.0<"));
  for (bool const first : {true, false}) {
    all = first ? std::vector{judged[1], judged[0]} : std::vector{judged[0], judged[1]};
    EXPECT_EQ(heading(document), "fair: www.example.com:443 could not be fully judged against 1 of 2 profiles, least of all p1 1.0");
  }
}

TEST(Html, HeadlineTellsWhatWasNotMeasured) {
  Document document = sample("good");
  document.endpoints[0].assessments.clear();
  EXPECT_EQ(heading(document), "fair: www.example.com:443 was measured, but not judged");
  document.endpoints[0].status = Status::partial;
  EXPECT_EQ(heading(document), "fair: www.example.com:443 was partly measured, but not judged");
  document.endpoints[0].status = Status::unreachable;
  EXPECT_EQ(heading(document), "fair: www.example.com:443 is unreachable");
  document.endpoints[0].status = Status::not_tls;
  EXPECT_EQ(heading(document), "fair: www.example.com:443 does not speak TLS");
  EXPECT_EQ(heading(sample("unreachable")), "fair: Interrupted: 3 endpoints: 0 pass, 1 inconclusive, 1 unreachable, 1 no TLS");
  std::string const html = render("html", sample("unreachable"));
  for (char const* const word : {"unreachable", "no TLS", "inconclusive"}) {
    EXPECT_THAT(html, HasSubstr("<li class=\"fair\"><b>1</b> " + std::string{word} + "</li>"));
    EXPECT_THAT(html, HasSubstr("data-verdict=\"" + std::string{word} + "\""));
  }
}

TEST(Html, AnInterruptedRunIsNoSuccess) {
  Document document = sample("good");
  document.run.interrupted = true;
  EXPECT_EQ(heading(document), "fair: Interrupted: www.example.com:443 meets nginx-recommended 1.0");
  document.endpoints.push_back(document.endpoints[0]);
  EXPECT_EQ(heading(document), "fair: Interrupted: 2 endpoints: 2 pass");
  document.endpoints = sample("bad").endpoints;
  EXPECT_EQ(heading(document), "bad: Interrupted: 2 endpoints: 0 pass, 2 fail");
  document.endpoints.clear();
  EXPECT_EQ(heading(document), "fair: Interrupted: no endpoint was measured");
}

TEST(Html, BoundsTheSuitesThatAreListedAndTellsOfTheRest) {
  Document document = sample("bad");
  document.endpoints.resize(1);
  Value& facts = document.endpoints[0].facts;
  Value const weak = facts["cipher_suites"].items().back();
  Value suites = Value::array();
  for (int i = 0; i < 3000; ++i) suites.push_back(Value{weak}.set("protocol", i % 3 == 0 ? "TLSv1.0" : "TLSv1.2"));
  facts.set("cipher_suites", suites);
  std::string const html = render("html", document);
  EXPECT_EQ(count(html, "<span class=\"suite\">"), 1000U);
  EXPECT_EQ(count(html, "<p class=\"dim\">and 666 more: 666 "), 1U);
  EXPECT_EQ(count(html, "<p class=\"dim\">and 1334 more: 1334 "), 1U);
  suites = Value::array();
  for (int i = 0; i < 300; ++i) suites.push_back(Value{weak}.set("protocol", std::to_string(i)));
  facts.set("cipher_suites", suites).set("cipher_order", Value::array());
  EXPECT_THAT(render("html", document), HasSubstr("<h3>Cipher suites <small>280 versions not listed</small></h3>"));
}

TEST(Html, StandsWithoutEndpoints) {
  Document document = sample("good");
  document.endpoints.clear();
  EXPECT_THAT(render("html", document), HasSubstr("No endpoint was measured"));
}

}  // namespace
}  // namespace tlsgauge::test
