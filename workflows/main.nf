#!/usr/bin/env nextflow

include { checkParameters ; parameterHelp ; stageTimes } from 'plugin/nf-spawn'
include { DEMO_SIMULATE                        } from './modules/demo/simulate/main'
include { DEMO_ACCURACY                        } from './modules/demo/accuracy/main'
include { BAMS3_CONVERT                        } from './modules/bams3/convert/main'
include { SAMPLES                              } from './subworkflows/samples/main'
include { REFERENCE                            } from './subworkflows/reference/main'
include { checkContigs ; checkContigsOfDataset ; checkRegionsInReference } from './subworkflows/contigs/main'
include { VARIANTS                             } from './subworkflows/variants/main'
include { reportOf ; withdrawIncomplete        } from './subworkflows/report/main'
include { callingOf ; checkExecutor ; checkTools } from './subworkflows/settings/main'

workflow {
    main:
    if (params.help) {
        println("nextflow run workflows/main.nf -profile spawn [parameters]\n\n${parameterHelp()}")
        return
    }
    checkParameters()
    checkExecutor(workflow.session.config.process?.executor)
    checkTools(['samtools', 'bcftools', 'tabix'])

    def regions = params.regions ? file(params.regions, checkIfExists: true) : []
    if (params.input) {
        REFERENCE(file(params.fasta))
        SAMPLES(params.input, regions)
        reference = REFERENCE.out.reference
        alignments = SAMPLES.out.alignment
            .combine(reference)
            .map { meta, alignment, _meta, sequence, fai, _gzi ->
                checkContigs(alignment, sequence, fai)
                [meta, alignment]
            }
        datasets = SAMPLES.out.dataset
            .combine(reference)
            .map { meta, dataset, _meta, sequence, fai, _gzi ->
                checkContigsOfDataset(dataset, sequence, fai)
                [meta, dataset]
            }
    }
    else {
        DEMO_SIMULATE([id: 'demo'])
        reference = DEMO_SIMULATE.out.fasta.map { meta, fasta, fai -> [meta, fasta, fai, []] }
        alignments = DEMO_SIMULATE.out.bam.map { meta, bam, _bai -> [meta, bam] }
        datasets = channel.empty()
    }
    fasta = reference.map { meta, sequence, fai, _gzi ->
        if (regions) {
            checkRegionsInReference(regions, sequence, fai)
        }
        [meta, sequence, fai]
    }

    BAMS3_CONVERT(alignments, fasta)
    VARIANTS(
        BAMS3_CONVERT.out.dataset.mix(datasets),
        reference,
        regions,
        callingOf(params),
    )

    def results = Collections.synchronizedList([])
    def accuracies = Collections.synchronizedList([])
    VARIANTS.out.vcf.join(VARIANTS.out.receipt).subscribe { result -> results << result }
    if (!params.input) {
        DEMO_ACCURACY(VARIANTS.out.vcf, DEMO_SIMULATE.out.truth, fasta)
        DEMO_ACCURACY.out.json.subscribe { accuracy -> accuracies << accuracy }
    }

    workflow.onComplete = {
        if (workflow.success) {
            log.info(reportOf(results, accuracies, params.outdir, stageTimes()))
        }
        else {
            withdrawIncomplete(workflow.session.error, file(params.outdir))
        }
    }
}
