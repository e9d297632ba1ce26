#pragma once
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <microhttpd.h>

// microhttpd's enums are closed in C, so flags made by `|` and MHD_YES/MHD_NO reach Swift as plain integers through these.
static const unsigned int shim_mhd_yes = MHD_YES;
static const unsigned int shim_mhd_no = MHD_NO;
