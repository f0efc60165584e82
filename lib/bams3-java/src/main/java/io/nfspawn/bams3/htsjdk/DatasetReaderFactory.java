package io.nfspawn.bams3.htsjdk;

import htsjdk.samtools.CustomReaderFactory.ICustomReaderFactory;
import htsjdk.samtools.SamReader;
import htsjdk.samtools.SamReaderFactory;
import htsjdk.samtools.util.RuntimeIOException;
import io.nfspawn.bams3.Dataset;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;

/**
 * Lets programs on htsjdk open datasets where they take a URL: htsjdk asks this class, which it
 * finds by the system property {@code samjdk.custom_reader}, for every URL that starts with the
 * prefix given there.
 *
 * <pre>
 * java -Dsamjdk.custom_reader=file:/data/,io.nfspawn.bams3.htsjdk.DatasetReaderFactory \
 *   -cp "picard.jar:tools/lib/*" picard.cmdline.PicardCommandLine \
 *   MarkDuplicates I=file:/data/NA12878.bams3 O=marked.bam M=metrics.txt
 * </pre>
 *
 * Everything below the prefix is taken for a dataset. Programs that take paths of files only read a
 * dataset through {@code bams3 query -O bam} or {@code bams3 to-bam} and a pipe.
 */
public final class DatasetReaderFactory implements ICustomReaderFactory {

  @Override
  public SamReader open(URL url) {
    try {
      Dataset dataset = Dataset.open(new URI(url.toString()));
      return SamReaders.adapted(
          new DatasetSamReader(
              dataset, SamReaderFactory.makeDefault().validationStringency(), dataset::close),
          dataset.place());
    } catch (IOException e) {
      throw new RuntimeIOException(e.getMessage(), e);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(url + ": is no URI; encode its special characters", e);
    }
  }
}
