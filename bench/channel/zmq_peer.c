/* libzmq's side of the comparison: one DEALER floods one ROUTER over TCP, NULL mechanism.
 * zmq_peer recv PORT SIZE COUNT   prints "MB/s messages/s" of the second half
 * zmq_peer send PORT SIZE COUNT   both have the high-water mark that our wire has, libzmq's own */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zmq.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int receives = !strcmp(argv[1], "recv"), hwm = argc > 5 ? atoi(argv[5]) : 1000;
  size_t size = atol(argv[3]);
  long count = atol(argv[4]);
  char at[64], *buffer = calloc(1, size), id[256];
  snprintf(at, sizeof at, "tcp://127.0.0.1:%s", argv[2]);
  void *context = zmq_ctx_new(), *socket = zmq_socket(context, receives ? ZMQ_ROUTER : ZMQ_DEALER);
  zmq_setsockopt(socket, ZMQ_SNDHWM, &hwm, sizeof hwm);
  zmq_setsockopt(socket, ZMQ_RCVHWM, &hwm, sizeof hwm);
  if (receives ? zmq_bind(socket, at) : zmq_connect(socket, at)) return perror(at), 1;
  double start = 0;
  for (long i = 0; i < count; i++) {
    if (i == count / 2) start = now();
    if (receives) zmq_recv(socket, id, sizeof id, 0);
    if ((receives ? zmq_recv(socket, buffer, size, 0) : zmq_send(socket, buffer, size, 0)) < 0)
      return perror("zmq"), 1;
  }
  double seconds = now() - start, rate = (count - count / 2) / seconds;
  if (receives) printf("%.1f %.0f\n", rate * size / 1e6, rate);
  zmq_close(socket);
  return zmq_ctx_term(context);
}
