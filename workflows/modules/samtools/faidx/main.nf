process SAMTOOLS_FAIDX {
    tag "${fasta}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(fasta)

    output:
    tuple val(meta), path("*.fai"), emit: fai
    tuple val(meta), path("*.gzi"), emit: gzi, optional: true
    tuple val("${task.process}"), val('samtools'), eval("samtools version | sed -n '1s/samtools //p'"), topic: versions, emit: versions_samtools

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    """
    samtools faidx ${args} ${fasta}
    """

    stub:
    """
    touch ${fasta}.fai
    """
}
