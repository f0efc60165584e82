// 500 tasks that do nothing: what is measured is the executor.
process NOTHING {
    input:
    val n

    script:
    """
    true
    """
}

workflow {
    NOTHING(channel.fromList((1..params.tasks).toList()))

    workflow.onComplete = {
        println "bench tasks=${params.tasks} millis=${workflow.duration.toMillis()} ok=${workflow.success}"
    }
}
