package io.nfspawn.vcfmerge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * VCF text with its header: plain, gzip or BGZF (told apart by the first bytes). Opened once; the
 * merge closes the stream.
 */
public interface VcfSource {
  /** What error messages call it: a file name or the chunk's id. */
  String name();

  InputStream open() throws IOException;

  /** The array is not copied and must not change until it was accepted. */
  static VcfSource of(String name, byte[] vcf) {
    return of(name, new ByteArrayInputStream(vcf));
  }

  static VcfSource of(String name, InputStream vcf) {
    return new VcfSource() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public InputStream open() {
        return vcf;
      }
    };
  }

  static VcfSource of(Path file) {
    return new VcfSource() {
      @Override
      public String name() {
        return file.toString();
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }
}
