#include <uv.h>

/* uv_loop_configure is variadic, which does not import into Swift. */
static inline int samepage_uv_measure_idle(uv_loop_t *loop) {
    return uv_loop_configure(loop, UV_METRICS_IDLE_TIME);
}
