package io.inferometer.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A backend knows core's values and its SPI, and reads JSON by streaming where it reads JSON at all. */
@AnalyzeClasses(packages = "io.inferometer.backend", importOptions = ImportOption.DoNotIncludeTests.class)
class BackendArchitectureTest {
    @ArchTest
    static final ArchRule a_backend_knows_values_and_spi_only = classes()
            .that()
            .resideInAPackage("io.inferometer.backend..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.inferometer.backend..",
                    "io.inferometer.parser",
                    "io.inferometer.snapshot",
                    "io.inferometer.spi",
                    "com.fasterxml.jackson.annotation",
                    "com.fasterxml.jackson.core..",
                    "okio",
                    "org.jspecify.annotations",
                    "java..",
                    "");

    @ArchTest
    static final ArchRule no_backend_knows_another =
            slices().matching("io.inferometer.backend.(*)..").should().notDependOnEachOther();

    @ArchTest
    static final ArchRule nobody_uses_the_collectors_of_streams =
            noClasses().should().dependOnClassesThat().haveFullyQualifiedName("java.util.stream.Collectors");
}
