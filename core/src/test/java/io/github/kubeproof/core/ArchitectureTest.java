package io.github.kubeproof.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, and the one package that each library may be used in. */
@AnalyzeClasses(packages = "io.github.kubeproof.core", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String CORE = "io.github.kubeproof.core.";

  @ArchTest
  static final ArchRule arrowsPointToTheLeft =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("source")
          .definedBy(CORE + "source")
          .layer("render")
          .definedBy(CORE + "render")
          .layer("manifest")
          .definedBy(CORE + "manifest")
          .layer("cluster")
          .definedBy(CORE + "cluster")
          .layer("traffic")
          .definedBy(CORE + "traffic")
          .layer("dns")
          .definedBy(CORE + "dns")
          .layer("intent")
          .definedBy(CORE + "intent")
          .layer("reach")
          .definedBy(CORE + "reach")
          .layer("proof")
          .definedBy(CORE + "proof")
          .layer("lint")
          .definedBy(CORE + "lint")
          .layer("config")
          .definedBy(CORE + "config")
          .layer("report")
          .definedBy(CORE + "report")
          .layer("testkit")
          .definedBy(CORE + "testkit")
          .whereLayer("testkit")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("report")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("config")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("lint")
          .mayOnlyBeAccessedByLayers("config", "report", "testkit")
          .whereLayer("proof")
          .mayOnlyBeAccessedByLayers("lint", "config", "report", "testkit")
          .whereLayer("reach")
          .mayOnlyBeAccessedByLayers("lint", "config", "report", "testkit")
          .whereLayer("dns")
          .mayOnlyBeAccessedByLayers("lint", "report", "testkit")
          .whereLayer("intent")
          .mayOnlyBeAccessedByLayers("reach", "proof", "lint", "config", "report", "testkit")
          .whereLayer("traffic")
          .mayOnlyBeAccessedByLayers(
              "intent", "dns", "reach", "proof", "lint", "config", "report", "testkit")
          .whereLayer("cluster")
          .mayOnlyBeAccessedByLayers(
              "traffic", "intent", "dns", "reach", "proof", "lint", "config", "report", "testkit")
          .whereLayer("render")
          .mayOnlyBeAccessedByLayers("lint", "config")
          .whereLayer("manifest")
          .mayOnlyBeAccessedByLayers(
              "cluster", "traffic", "intent", "dns", "reach", "proof", "lint", "config", "report",
              "testkit");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching(CORE + "(*)..").should().beFreeOfCycles();

  @ArchTest static final ArchRule yamlIsReadInSource = onlyIn("source", "org.yaml.snakeyaml..");

  @ArchTest static final ArchRule gsonDecodesInManifest = onlyIn("manifest", "com.google.gson..");

  @ArchTest static final ArchRule theSolverWorksInProof = onlyIn("proof", "com.microsoft.z3..");

  @ArchTest static final ArchRule bitSetsStayInReach = onlyIn("reach", "org.roaringbitmap..");

  @ArchTest
  static final ArchRule sarifIsWrittenInReport =
      onlyIn("report", "com.contrastsecurity..", "com.fasterxml.jackson..");

  @ArchTest
  static final ArchRule modelsAreUnknownToSource =
      noClasses()
          .that()
          .resideInAPackage(CORE + "source")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.kubernetes..");

  @ArchTest
  static final ArchRule onlyTheCommandLineTalksAndExits =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class);

  private static ArchRule onlyIn(String home, String... library) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(CORE + home)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(library);
  }
}
