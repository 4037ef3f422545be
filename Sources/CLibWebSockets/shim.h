#include <errno.h>
#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

/* LWS_WRITE_RAW is a macro for an enumerator, which does not import into Swift. */
static inline int samepage_lws_write_raw(struct lws *wsi, unsigned char *bytes, size_t count) {
    return lws_write(wsi, bytes, count, LWS_WRITE_RAW);
}

/* Ends our side of a connection: everything written before still arrives, and the peer can be read on. */
static inline void samepage_lws_end_output(struct lws *wsi) {
    SSL *ssl = lws_get_ssl(wsi);
    if (ssl) {
        SSL_shutdown(ssl);
        ERR_clear_error();
    }
    shutdown(lws_get_socket_fd(wsi), SHUT_WR);
}

/* Writes to a socket without TLS what the kernel takes now: how many bytes, 0 when it is full, negative when the
   connection is over. `lws_write` costs a poll(2) to ask before, and copies what does not fit. */
static inline ssize_t samepage_send(int socket, const unsigned char *bytes, size_t count) {
    ssize_t sent;
    do {
        sent = send(socket, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) return 0;
    return sent;
}
