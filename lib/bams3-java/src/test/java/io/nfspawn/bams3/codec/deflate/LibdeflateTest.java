package io.nfspawn.bams3.codec.deflate;

import io.nfspawn.bams3.codec.ffi.Libdeflate;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** The package libdeflate0 comes with samtools, so where samtools is tested it is there. */
@EnabledForJreRange(minVersion = 22, disabledReason = "foreign functions need Java 22")
class LibdeflateTest extends DeflateContract {
  @Override
  DeflateLibrary library() {
    return Libdeflate.probe().library().orElseThrow();
  }
}
