process DEMO_SIMULATE {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    val(meta)

    output:
    tuple val(meta), path("${prefix}/sample.bam"), path("${prefix}/sample.bam.bai"), emit: bam
    tuple val(meta), path("${prefix}/reference.fa"), path("${prefix}/reference.fa.fai"), emit: fasta
    tuple val(meta), path("${prefix}/truth.vcf.gz"), path("${prefix}/truth.vcf.gz.tbi"), emit: truth
    tuple val("${task.process}"), val('bams3'), eval("bams3 --version"), topic: versions, emit: versions_bams3

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    bams3 simulate \\
        ${args} \\
        --sample ${meta.id} \\
        --out ${prefix}
    """

    stub:
    prefix = task.ext.prefix ?: "${meta.id}"
    """
    mkdir ${prefix}
    touch ${prefix}/sample.bam ${prefix}/sample.bam.bai
    touch ${prefix}/reference.fa ${prefix}/reference.fa.fai
    echo | gzip > ${prefix}/truth.vcf.gz
    touch ${prefix}/truth.vcf.gz.tbi
    """
}
