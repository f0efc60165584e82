package io.nfspawn.bams3.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class S3OptionsTest {

  @Test
  void shouldTakeTheEndpointOfS3BeforeThatOfAllServices() {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL", "http://all:1",
            "AWS_ENDPOINT_URL_S3", "http://s3:2",
            "AWS_DEFAULT_REGION", "eu-central-1");
    S3Options options = S3Options.of(environment);
    assertThat(options.endpoint()).isEqualTo(URI.create("http://s3:2"));
    assertThat(options.region()).isEqualTo("eu-central-1");
    assertThat(options.usesPathStyle()).isTrue();
    assertThat(options.withPathStyle(false).usesPathStyle()).isFalse();
    assertThat(S3Options.of(Map.of())).isEqualTo(S3Options.DEFAULT);
    assertThat(S3Options.DEFAULT.usesPathStyle()).isFalse();
  }

  @Test
  void shouldNameEveryLimitThatIsNotKept() {
    assertThatThrownBy(() -> new S3Options.Transfer(0, -1, 1 << 20, 1, 3))
        .hasMessage(
            "requests at a time is 0; it must be 1 to 256; gap bytes is -1; it must be 0 to"
                + " 67108864; part bytes is 1; it must be 5242880 to 268435456");
  }

  @Test
  void shouldReadPlacesAsUsersWriteThem() {
    assertThat(StorePlace.of("s3://b/a/x.bam"))
        .isEqualTo(new StorePlace.InBucket("s3://b/a/x.bam", "b", "a/x.bam"));
    assertThat(((StorePlace.InBucket) StorePlace.of("s3://b/a/x.bams3/")).key())
        .isEqualTo("a/x.bams3");
    assertThat(((StorePlace.InBucket) StorePlace.of("s3://b/a/x.bams3/")).name())
        .isEqualTo("x.bams3");
    assertThat(((StorePlace.InBucket) StorePlace.of("s3://b")).key()).isEmpty();
    assertThat(StorePlace.of("dir/x"))
        .isEqualTo(new StorePlace.InFileSystem("dir/x", Path.of("dir/x")));
    assertThat(StorePlace.of("file:///a/x"))
        .isEqualTo(new StorePlace.InFileSystem("file:///a/x", Path.of("/a/x")));
    assertThat(StorePlace.of("gs://b/x")).isEqualTo(new StorePlace.Unknown("gs://b/x", "gs"));
  }
}
