package io.nfspawn.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Guards the paragraph "Arrows point down only" of docs/architecture.md. */
final class ArrowsTest {
  private static final String[] LEAVES = {
    "io.nfspawn.bams3..",
    "io.nfspawn.vcfmerge..",
    "io.nfspawn.transport..",
    "io.nfspawn.cloud..",
    "io.nfspawn.protocol.."
  };

  static final ArchRule bams3IsALeaf = dependsOnNothingOfOurs("io.nfspawn.bams3..");
  static final ArchRule vcfMergeIsALeaf = dependsOnNothingOfOurs("io.nfspawn.vcfmerge..");
  static final ArchRule channelIsALeaf = dependsOnNothingOfOurs("io.nfspawn.transport..");
  static final ArchRule cloudIsALeaf = dependsOnNothingOfOurs("io.nfspawn.cloud..");
  static final ArchRule protocolIsALeaf = dependsOnNothingOfOurs("io.nfspawn.protocol..");

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

  static final ArchRule nextflowStaysInThePlugin =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.nfspawn.plugin..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("nextflow..", "groovy..", "groovyx..", "org.pf4j..");

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

  static final ArchRule foreignFunctionsAreFenced =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.nfspawn.transport.fabric.ffi..",
              "io.nfspawn.bams3.codec.ffi..",
              "io.nfspawn.agent.ffi..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.lang.foreign..")
          .allowEmptyShould(true);

  static final ArchRule cloudSdkStaysInAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.nfspawn.cloud.ec2..", "io.nfspawn.bams3.store.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("software.amazon..")
          .allowEmptyShould(true);

  static final ArchRule noGrabBags =
      noClasses()
          .should()
          .haveNameMatching(".*(Manager|Utils?|Helper|Common)$")
          .because("a class is one noun of the glossary (STYLE house rule 1)");

  @TestFactory
  Stream<DynamicTest> shouldKeepEveryRule() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.nfspawn");
    return Arrays.stream(ArrowsTest.class.getDeclaredFields())
        .filter(field -> field.getType() == ArchRule.class)
        .map(field -> DynamicTest.dynamicTest(field.getName(), () -> rule(field).check(classes)));
  }

  private static ArchRule rule(Field field) throws IllegalAccessException {
    return (ArchRule) field.get(null);
  }

  private static ArchRule dependsOnNothingOfOurs(String leaf) {
    String[] others =
        Stream.concat(
                Arrays.stream(LEAVES).filter(other -> !other.equals(leaf)),
                Stream.of("io.nfspawn.plugin..", "io.nfspawn.pipeline..", "io.nfspawn.agent.."))
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
