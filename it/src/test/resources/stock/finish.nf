// A failing task beside one that is still running and one that waits.
process FAILS {
    errorStrategy 'finish'

    script:
    """
    sleep 0.5
    echo "the reason" >&2
    exit 9
    """
}

process RUNS_ON {
    publishDir params.outdir, mode: 'copy'

    output:
    path 'done.txt'

    script:
    """
    sleep 2
    echo done > done.txt
    """
}

process WAITS {
    publishDir params.outdir, mode: 'copy'

    input:
    path ready

    output:
    path 'never.txt'

    script:
    """
    touch never.txt
    """
}

workflow {
    FAILS()
    RUNS_ON()
    WAITS(RUNS_ON.out)
}
