/** The ZeroMQ wire (JeroMQ, NULL mechanism). Internal. */
@NullMarked
package io.nfspawn.transport.zmq;

import org.jspecify.annotations.NullMarked;
