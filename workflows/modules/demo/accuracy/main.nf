process DEMO_ACCURACY {
    tag "${meta.id}"
    label 'process_single'

    conda "${moduleDir}/environment.yml"

    input:
    tuple val(meta), path(vcf), path(index)
    tuple val(meta2), path(truth, stageAs: 'truth/*'), path(truth_index, stageAs: 'truth/*')
    tuple val(meta3), path(fasta), path(fai)

    output:
    tuple val(meta), path("*.accuracy.json"), emit: json
    tuple val("${task.process}"), val('bcftools'), eval("bcftools --version | sed -n '1s/bcftools //p'"), topic: versions, emit: versions_bcftools

    when:
    task.ext.when == null || task.ext.when

    script:
    def args = task.ext.args ?: ''
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    vcf-accuracy \\
        ${args} \\
        --id ${meta.id} \\
        --truth ${truth} \\
        --calls ${vcf} \\
        --reference ${fasta} \\
        -o ${prefix}.accuracy.json
    """

    stub:
    def prefix = task.ext.prefix ?: "${meta.id}"
    """
    echo '{}' > ${prefix}.accuracy.json
    """
}
