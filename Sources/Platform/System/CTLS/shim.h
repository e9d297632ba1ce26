#pragma once
#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <string.h>

// OpenSSL sets a context up through macros, which Swift does not see.

/// No passphrase: a key that has one is refused instead of asked about on the terminal.
static inline int shim_tls_no_passphrase(char *buffer, int size, int is_for_writing, void *context) {
  (void)buffer;
  (void)size;
  (void)is_for_writing;
  (void)context;
  return 0;
}

static inline int shim_tls_use_chain(SSL_CTX *context, BIO *text) {
  X509 *certificate = PEM_read_bio_X509(text, NULL, shim_tls_no_passphrase, NULL);
  if (certificate == NULL) return 0;
  int is_used = SSL_CTX_use_certificate(context, certificate);
  X509_free(certificate);
  while (is_used == 1 && (certificate = PEM_read_bio_X509(text, NULL, shim_tls_no_passphrase, NULL)) != NULL) {
    is_used = (int)SSL_CTX_add0_chain_cert(context, certificate);
    if (is_used != 1) X509_free(certificate);
  }
  return is_used == 1;
}

static inline int shim_tls_use_key(SSL_CTX *context, BIO *text) {
  EVP_PKEY *key = PEM_read_bio_PrivateKey(text, NULL, shim_tls_no_passphrase, NULL);
  if (key == NULL) return 0;
  int is_used = SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1;
  EVP_PKEY_free(key);
  return is_used;
}

/// A server's context for TLS 1.2 and 1.3 with the certificate chain and key of PEM texts; NULL where they are none.
static inline SSL_CTX *shim_tls_context(const char *chain, size_t chain_size, const char *key, size_t key_size) {
  if (chain_size > INT_MAX || key_size > INT_MAX) return NULL;
  SSL_CTX *context = SSL_CTX_new(TLS_server_method());
  BIO *chain_text = BIO_new_mem_buf(chain, (int)chain_size);
  BIO *key_text = BIO_new_mem_buf(key, (int)key_size);
  int is_made = context != NULL && chain_text != NULL && key_text != NULL && SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
                shim_tls_use_chain(context, chain_text) && shim_tls_use_key(context, key_text);
  BIO_free(chain_text);
  BIO_free(key_text);
  ERR_clear_error();
  if (!is_made) {
    SSL_CTX_free(context);
    return NULL;
  }
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return context;
}

/// A server's session on a connected socket; NULL when there is no memory.
static inline SSL *shim_tls_session(SSL_CTX *context, int socket) {
  SSL *session = SSL_new(context);
  if (session == NULL) return NULL;
  if (SSL_set_fd(session, socket) != 1) {
    SSL_free(session);
    return NULL;
  }
  SSL_set_accept_state(session);
  return session;
}

/// What came of a call: bytes that passed, 0 where it has to wait for the socket, -1 where the session is over.
static inline long shim_tls_outcome(SSL *session, int returned, size_t passed) {
  if (returned == 1) return (long)passed;
  int error = SSL_get_error(session, returned);
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static inline long shim_tls_read(SSL *session, void *bytes, size_t count) {
  size_t passed = 0;
  ERR_clear_error();
  int returned = SSL_read_ex(session, bytes, count, &passed);
  return shim_tls_outcome(session, returned, passed);
}

static inline long shim_tls_write(SSL *session, const void *bytes, size_t count) {
  size_t passed = 0;
  ERR_clear_error();
  int returned = SSL_write_ex(session, bytes, count, &passed);
  return shim_tls_outcome(session, returned, passed);
}
