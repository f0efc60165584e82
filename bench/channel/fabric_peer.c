/* libfabric's side of the one-way rate: one RDM endpoint floods another, as fast as a C loop does it.
 * fabric_peer recv PROVIDER FILE SIZE COUNT   publishes its address in FILE, prints "messages/s MB/s" of the second half
 * fabric_peer send PROVIDER FILE SIZE COUNT   waits for FILE
 * The receiver keeps 512 receives posted; both sides read completions in batches and spin. */
#include <rdma/fabric.h>
#include <rdma/fi_cm.h>
#include <rdma/fi_domain.h>
#include <rdma/fi_endpoint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEPTH 512
#define BATCH 64
#define NAME 512
#define CHECK(call) do { long r = (call); if (r < 0) { fprintf(stderr, "%s: %s\n", #call, fi_strerror((int)-r)); exit(1); } } while (0)

static struct fid_cq *cq;
static struct fid_ep *ep;
static struct fid_av *av;
static struct fi_context2 contexts[2 * DEPTH];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static long completions(struct fi_cq_msg_entry *into) {
  long n = fi_cq_read(cq, into, BATCH);
  if (n == -FI_EAGAIN) return 0;
  if (n < 0) { fprintf(stderr, "fi_cq_read: %s\n", fi_strerror((int)-n)); exit(1); }
  return n;
}

static fi_addr_t insert(const char *name) {
  fi_addr_t peer;
  if (fi_av_insert(av, name, 1, &peer, 0, NULL) != 1) { fprintf(stderr, "fi_av_insert failed\n"); exit(1); }
  return peer;
}

static void open_endpoint(const char *provider, char *name) {
  struct fi_info *hints = fi_allocinfo(), *info;
  struct fid_fabric *fabric;
  struct fid_domain *domain;
  hints->caps = FI_MSG;
  hints->ep_attr->type = FI_EP_RDM;
  hints->domain_attr->threading = FI_THREAD_DOMAIN;
  hints->fabric_attr->prov_name = strdup(provider);
  CHECK(fi_getinfo(FI_VERSION(1, 15), strcmp(provider, "shm") ? "127.0.0.1" : NULL, NULL, strcmp(provider, "shm") ? FI_SOURCE : 0, hints, &info));
  CHECK(fi_fabric(info->fabric_attr, &fabric, NULL));
  CHECK(fi_domain(fabric, info, &domain, NULL));
  struct fi_av_attr av_attr = {.type = FI_AV_TABLE};
  struct fi_cq_attr cq_attr = {.size = 4096, .format = FI_CQ_FORMAT_MSG};
  CHECK(fi_av_open(domain, &av_attr, &av, NULL));
  CHECK(fi_cq_open(domain, &cq_attr, &cq, NULL));
  CHECK(fi_endpoint(domain, info, &ep, NULL));
  CHECK(fi_ep_bind(ep, &av->fid, 0));
  CHECK(fi_ep_bind(ep, &cq->fid, FI_SEND | FI_RECV));
  CHECK(fi_enable(ep));
  size_t length = NAME;
  memset(name, 0, NAME);
  CHECK(fi_getname(&ep->fid, name, &length));
}

static void post_send(const void *buffer, size_t size, fi_addr_t to, void *context) {
  struct fi_cq_msg_entry entries[BATCH];
  long r;
  while ((r = fi_send(ep, buffer, size, NULL, to, context)) == -FI_EAGAIN) completions(entries);
  CHECK(r);
}

static void receive(const char *file, size_t size, long count) {
  size_t slot = size < NAME ? NAME : size;
  char *buffers = calloc(DEPTH, slot), part[4096];
  for (int i = 0; i < DEPTH; i++) CHECK(fi_recv(ep, buffers + i * slot, slot, NULL, FI_ADDR_UNSPEC, &contexts[i]));
  snprintf(part, sizeof part, "%s.part", file);
  if (rename(part, file)) perror(file), exit(1);
  fi_addr_t peer = FI_ADDR_UNSPEC;
  struct fi_cq_msg_entry entries[BATCH];
  double start = 0;
  for (long got = -1; got < count;) { /* the first message is the sender's address */
    long n = completions(entries);
    for (long i = 0; i < n; i++, got++) {
      long k = (struct fi_context2 *)entries[i].op_context - contexts;
      if (got < 0) peer = insert(buffers + k * slot);
      if (got == count / 2) start = now();
      CHECK(fi_recv(ep, buffers + k * slot, slot, NULL, FI_ADDR_UNSPEC, &contexts[k]));
    }
  }
  double rate = (count - count / 2) / (now() - start);
  printf("%.0f %.1f\n", rate, rate * size / 1e6);
  post_send("done", 4, peer, &contexts[DEPTH]);
  for (double end = now() + 0.2; now() < end;) completions(entries);
}

static void flood(const char *file, const char *own, size_t size, long count) {
  char name[NAME] = {0}, answer[NAME], *buffer = calloc(1, size);
  FILE *in;
  while (!(in = fopen(file, "r"))) usleep(1000);
  if (fread(name, 1, NAME, in) != NAME) perror(file), exit(1);
  fclose(in);
  fi_addr_t peer = insert(name);
  CHECK(fi_recv(ep, answer, sizeof answer, NULL, FI_ADDR_UNSPEC, &contexts[DEPTH]));
  post_send(own, NAME, peer, &contexts[DEPTH + 1]);
  for (long i = 0; i < count; i++) post_send(buffer, size, peer, &contexts[i % DEPTH]);
  struct fi_cq_msg_entry entries[BATCH];
  for (;;)
    for (long n = completions(entries), i = 0; i < n; i++)
      if (entries[i].flags & FI_RECV) return;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  char name[NAME], part[4096];
  size_t size = atol(argv[4]);
  open_endpoint(argv[2], name);
  if (!strcmp(argv[1], "send")) { flood(argv[3], name, size, atol(argv[5])); fi_close(&ep->fid); return 0; }
  snprintf(part, sizeof part, "%s.part", argv[3]);
  FILE *out = fopen(part, "w");
  if (!out || fwrite(name, 1, NAME, out) != NAME || fclose(out)) return perror(part), 1;
  receive(argv[3], size, atol(argv[5]));
  fi_close(&ep->fid);
  return 0;
}
