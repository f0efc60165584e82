/**
 * The ZeroMQ wire: ZMTP 3.1 (ZeroMQ RFC 37) over TCP, by the thread that polls it. Internal.
 *
 * <p>From the bytes up: {@link io.nfspawn.transport.zmq.Greeting} and {@link
 * io.nfspawn.transport.zmq.FrameReader} know how a connection begins and what frames look like,
 * {@link io.nfspawn.transport.zmq.Command} and {@link io.nfspawn.transport.zmq.Plain} what its
 * commands say, {@link io.nfspawn.transport.zmq.ZmtpHandshake} in which order. {@link
 * io.nfspawn.transport.zmq.ZmqLink} is one way to one peer, {@link
 * io.nfspawn.transport.zmq.Outgoing} what waits to be sent on it; {@link
 * io.nfspawn.transport.zmq.Links} are all of a wire, with their timers.
 */
@NullMarked
package io.nfspawn.transport.zmq;

import org.jspecify.annotations.NullMarked;
