package io.nfspawn.transport;

import io.nfspawn.transport.fabric.FabricWire;
import io.nfspawn.transport.frame.Message;
import io.nfspawn.transport.wire.Frame;
import io.nfspawn.transport.wire.Wire;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Stops a wire for ever at one step of the protocol, and with it all its channel does. Whose
 * process is killed after that was killed at that step. Frames have to be unsealed to be told
 * apart.
 */
final class FreezingWire {
  /** Where its frames begin to be messages. */
  private static final int HEADER_BYTES = 32;

  private static final int KIND_AT = 3;

  /** By their codes, which count from 1. */
  private static final List<Message.Type> TYPES = List.of(Message.Type.values());

  /** Which way a message goes, seen from here: before it was handed on, and after it was sent. */
  enum Way {
    IN,
    OUT
  }

  /**
   * A moment of the protocol.
   *
   * @param what {@code DIAL}, {@code HELLO}, {@code WELCOME}, {@code LONG_READ} (bytes of a peer
   *     are being read), {@code TAKEN} (the application has an item; the wire goes on), or the name
   *     of a {@link Message.Type}
   * @param nth how often it has to happen
   */
  record Step(Way way, String what, int nth) {
    static Step of(String text) {
      List<String> parts = List.of(text.split("-", 3));
      return new Step(Way.valueOf(parts.get(0)), parts.get(1), Integer.parseInt(parts.get(2)));
    }

    @Override
    public String toString() {
      return way + "-" + what + "-" + nth;
    }
  }

  private final Wire real;
  private final Step step;
  private final Runnable frozen;
  private int happened;

  private FreezingWire(Wire real, Step step, Runnable frozen) {
    this.real = real;
    this.step = step;
    this.frozen = frozen;
  }

  /**
   * @param frozen is told, once, on the thread that stops
   */
  static Wire of(Wire real, Step step, Runnable frozen) {
    FreezingWire wire = new FreezingWire(real, step, frozen);
    return (Wire)
        Proxy.newProxyInstance(
            Wire.class.getClassLoader(),
            new Class<?>[] {Wire.class},
            (proxy, method, arguments) -> wire.call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    boolean polls = method.getName().equals("poll");
    if (method.getName().equals("dial")) {
      happens(Way.OUT, "DIAL");
    }
    Watcher watcher = polls ? new Watcher((Wire.Receiver) arguments[0]) : null;
    if (watcher != null) {
      arguments[0] = watcher;
    }
    long heldBytes = heldBytes();
    Object result = invoke(method, arguments);
    if (watcher != null && !watcher.attached && heldBytes() > heldBytes) {
      happens(Way.IN, "LONG_READ");
    }
    if (result == Wire.Sent.ACCEPTED) {
      boolean counted = arguments.length > 2 && arguments[2] instanceof Integer;
      byte[] frame = (byte[]) arguments[1];
      see(Way.OUT, frame, counted ? (Integer) arguments[2] : frame.length);
      if (arguments[arguments.length - 1] instanceof Runnable) {
        happens(Way.OUT, "LONG_READ");
      }
    }
    return result;
  }

  private Object invoke(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private long heldBytes() {
    boolean asked = step.way == Way.IN && step.what.equals("LONG_READ");
    return asked && real instanceof FabricWire fabric ? fabric.heldBytes() : 0;
  }

  /** Looks into a frame on its way. */
  private final class Watcher implements Wire.Receiver {
    private final Wire.Receiver receiver;
    boolean attached;

    Watcher(Wire.Receiver receiver) {
      this.receiver = receiver;
    }

    @Override
    public Frame room(int lengthBytes) {
      return receiver.room(lengthBytes);
    }

    @Override
    public void onFrame(Wire.Link from, Frame frame) {
      see(Way.IN, frame.bytes(), frame.lengthBytes());
      receiver.onFrame(from, frame);
    }

    @Override
    public void onFrame(Wire.Link from, Frame frame, Wire.Attachment attachment) {
      attached = true;
      see(Way.IN, frame.bytes(), frame.lengthBytes());
      receiver.onFrame(from, frame, attachment);
    }

    @Override
    public void onLinkDown(Wire.Link link) {
      receiver.onLinkDown(link);
    }
  }

  private void see(Way way, byte[] frame, int lengthBytes) {
    if (frame[KIND_AT] == 1) {
      happens(way, "HELLO");
    } else if (frame[KIND_AT] == 2) {
      happens(way, "WELCOME");
    } else {
      ByteBuffer body = ByteBuffer.wrap(frame);
      for (int at = HEADER_BYTES; at < lengthBytes; ) {
        happens(way, TYPES.get(body.get(at) - 1).name());
        boolean apart = body.get(at + 1) != 0;
        at +=
            Message.HEADER_BYTES
                + Short.toUnsignedInt(body.getShort(at + 4))
                + (apart ? 0 : body.getInt(at + 32));
      }
    }
  }

  private void happens(Way way, String what) {
    if (step.way == way && step.what.equals(what) && ++happened == step.nth) {
      freeze(frozen);
    }
  }

  /** Tells, and never returns. */
  static void freeze(Runnable tell) {
    tell.run();
    new Semaphore(0).acquireUninterruptibly();
  }
}
