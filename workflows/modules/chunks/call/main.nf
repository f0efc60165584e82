process CHUNKS_CALL {
    tag "${meta.id} #${worker}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(plan), path(dataset), val(worker)
    tuple val(meta2), path(fasta), path(fai), path(gzi)

    output:
    tuple val("${task.process}"), val('bcftools'), eval("bcftools --version 2>/dev/null | sed -n '1s/bcftools //p'"), topic: versions, emit: versions_bcftools

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    """
    # gang ${task.ext.gangKey ?: ''}
    spawn-chunks call \\
        ${args} \\
        --plan ${plan} \\
        --reference ${fasta} \\
        ${dataset}
    """

    stub:
    """
    # gang ${task.ext.gangKey ?: ''}
    true
    """
}
