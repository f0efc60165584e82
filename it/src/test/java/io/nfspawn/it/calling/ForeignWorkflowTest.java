package io.nfspawn.it.calling;

import static org.assertj.core.api.Assertions.assertThat;

import io.nfspawn.it.run.NextflowRun;
import io.nfspawn.it.run.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workflow of somebody else's includes our modules and runs them with either executor. */
final class ForeignWorkflowTest {
  @TempDir Path dir;

  @BeforeEach
  void writeWorkflow() throws IOException {
    String modules = NextflowRun.root().resolve("workflows/modules").toString();
    Files.writeString(
        dir.resolve("main.nf"),
        """
        include { BAMS3_CONVERT } from '%1$s/bams3/convert/main'
        include { VCF_MERGE } from '%1$s/vcf/merge/main'

        workflow {
            BAMS3_CONVERT([[id: 'S1'], file('sim/sample.bam')], [[:], [], []])
            VCF_MERGE([[id: 'S1'], [file('b.vcf.gz'), file('a.vcf.gz')], []])
            BAMS3_CONVERT.out.dataset.view { meta, dataset -> "dataset ${meta.id} ${dataset.name}" }
            VCF_MERGE.out.vcf.view { it -> "merged ${it[1]}" }
        }
        """
            .formatted(modules));
    Files.writeString(
        dir.resolve("nextflow.config"),
        """
        plugins { id 'nf-spawn@0.1.0' }
        profiles {
            spawn { process.executor = 'spawn' }
            local { env.PATH = '%s:$PATH' }
        }
        """
            .formatted(NextflowRun.root().resolve("workflows/bin")));
    Shell.out(
        dir,
        ("'%s/workflows/bin/bams3' simulate --out sim --seed 5 --length 40K --coverage 10;"
                + " cd sim; bcftools mpileup -f reference.fa sample.bam 2>/dev/null"
                + " | bcftools call -mv -Oz -o ../all.vcf.gz 2>/dev/null; cd ..;"
                + " tabix all.vcf.gz; contigs=($(tabix -l all.vcf.gz));"
                + " bcftools view -Oz -o a.vcf.gz all.vcf.gz ${contigs[0]};"
                + " bcftools view -Oz -o b.vcf.gz all.vcf.gz ${contigs[1]}")
            .formatted(NextflowRun.root()));
  }

  @Test
  void shouldRunWithSpawnAndWithLocal() {
    for (String profile : new String[] {"spawn", "local"}) {
      NextflowRun.Outcome done = NextflowRun.in(dir).run("run", "main.nf", "-profile", profile);

      assertThat(done.exit()).as(done.output()).isZero();
      assertThat(done.output()).contains("dataset S1 S1.bams3");
      String merged = done.output().replaceAll("(?s).*merged (\\S+\\.vcf\\.gz).*", "$1");
      assertThat(Shell.out(dir, "bcftools view -H '%s'".formatted(merged)))
          .isEqualTo(Shell.out(dir, "bcftools view -H all.vcf.gz"));
    }
  }
}
