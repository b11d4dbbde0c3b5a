#include "cli/cli.hpp"

int main(int count, char** arguments) { return tlsgauge::cli::run(count, arguments); }
