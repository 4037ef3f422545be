#include <libwebsockets.h>

/* LWS_WRITE_RAW is a macro for an enumerator, which does not import into Swift. */
static inline int samepage_lws_write_raw(struct lws *wsi, unsigned char *bytes, size_t count) {
    return lws_write(wsi, bytes, count, LWS_WRITE_RAW);
}
