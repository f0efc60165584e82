package io.nfspawn.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire to the driver that can go dead: connections stay open, nothing crosses any more. */
final class StallingProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean stalled;

  StallingProxy(int target) throws IOException {
    this.target = target;
    inBackground(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  void stall() {
    stalled = true;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void inBackground(Work work) {
    var thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // One end is gone: so is this direction.
              }
            },
            "stalling-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket agent = listener.accept();
      Socket driver = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.addAll(List.of(agent, driver));
      inBackground(() -> relay(agent, driver));
      inBackground(() -> relay(driver, agent));
    }
  }

  private void relay(Socket from, Socket to) throws IOException {
    InputStream in = from.getInputStream();
    OutputStream out = to.getOutputStream();
    byte[] buffer = new byte[8192];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (!stalled) {
        out.write(buffer, 0, read);
        out.flush();
      }
    }
    to.close();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
