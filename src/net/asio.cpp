// The bodies of Asio's functions, compiled once for the whole program.

#include <asio/impl/src.hpp>
