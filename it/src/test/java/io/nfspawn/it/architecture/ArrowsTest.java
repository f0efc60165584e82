package io.nfspawn.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Guards the paragraph "Arrows point down only" of docs/architecture.md. */
@AnalyzeClasses(packages = "io.nfspawn", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArrowsTest {
  private static final String[] LEAVES = {
    "io.nfspawn.bams3..",
    "io.nfspawn.vcfmerge..",
    "io.nfspawn.transport..",
    "io.nfspawn.cloud..",
    "io.nfspawn.protocol.."
  };

  @ArchTest static final ArchRule bams3IsALeaf = dependsOnNothingOfOurs("io.nfspawn.bams3..");
  @ArchTest static final ArchRule vcfMergeIsALeaf = dependsOnNothingOfOurs("io.nfspawn.vcfmerge..");
  @ArchTest static final ArchRule channelIsALeaf = dependsOnNothingOfOurs("io.nfspawn.transport..");
  @ArchTest static final ArchRule cloudIsALeaf = dependsOnNothingOfOurs("io.nfspawn.cloud..");
  @ArchTest static final ArchRule protocolIsALeaf = dependsOnNothingOfOurs("io.nfspawn.protocol..");

  @ArchTest
  static final ArchRule pipelineJoinsOnlyTheDataLibraries =
      noClasses()
          .that()
          .resideInAPackage("io.nfspawn.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nfspawn.plugin..",
              "io.nfspawn.agent..",
              "io.nfspawn.cloud..",
              "io.nfspawn.protocol..");

  @ArchTest
  static final ArchRule agentKnowsOnlyTheProtocol =
      noClasses()
          .that()
          .resideInAPackage("io.nfspawn.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nfspawn.plugin..",
              "io.nfspawn.pipeline..",
              "io.nfspawn.bams3..",
              "io.nfspawn.vcfmerge..",
              "io.nfspawn.transport..");

  @ArchTest
  static final ArchRule pluginReachesInstancesOnlyByPortAndProtocol =
      noClasses()
          .that()
          .resideInAPackage("io.nfspawn.plugin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.nfspawn.agent..",
              "io.nfspawn.pipeline..",
              "io.nfspawn.bams3..",
              "io.nfspawn.vcfmerge..",
              "io.nfspawn.transport..");

  @ArchTest
  static final ArchRule nextflowStaysInThePlugin =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nfspawn.plugin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("nextflow..", "groovy..", "groovyx..", "org.pf4j..");

  @ArchTest
  static final ArchRule schedulerIsPure =
      classes()
          .that()
          .resideInAPackage("io.nfspawn.plugin.scheduler..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.nfspawn.plugin.scheduler..",
              "io.nfspawn.cloud",
              "java.lang..",
              "java.util",
              "java.util.function",
              "java.util.stream",
              "java.time..",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule schedulerReadsNoClock =
      noClasses()
          .that()
          .resideInAPackage("io.nfspawn.plugin.scheduler..")
          .should()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule foreignFunctionsAreFenced =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.nfspawn.transport.fabric.ffi..", "io.nfspawn.bams3.codec.ffi..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule cloudSdkStaysInAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.nfspawn.cloud.ec2..", "io.nfspawn.bams3.store.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule noGrabBags =
      noClasses()
          .should()
          .haveNameMatching(".*(Manager|Utils?|Helper|Common)$")
          .because("a class is one noun of the glossary (STYLE house rule 1)");

  private static ArchRule dependsOnNothingOfOurs(String leaf) {
    String[] others =
        java.util.stream.Stream.concat(
                java.util.Arrays.stream(LEAVES).filter(other -> !other.equals(leaf)),
                java.util.stream.Stream.of(
                    "io.nfspawn.plugin..", "io.nfspawn.pipeline..", "io.nfspawn.agent.."))
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(leaf)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .allowEmptyShould(true);
  }
}
