package io.nfspawn.bams3.codec.deflate;

class JdkDeflateTest extends DeflateContract {
  @Override
  DeflateLibrary library() {
    return new JdkDeflate();
  }
}
