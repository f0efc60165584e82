//
// Parameters to settings, and what must be true before any work begins.
//

// The parameters that decide how variants are called, as one map for CHUNKS_PLAN.
def callingOf(params) {
    return [
        caller        : params.caller,
        caller_args   : params.caller_args ?: '',
        caller_version: toolVersion(params.caller.toString().tokenize()[0]),
        chunk_span    : params.chunk_span,
        chunk_pad     : params.chunk_pad,
        workers       : params.workers as int,
    ]
}

def checkExecutor(executor) {
    if (executor != 'spawn') {
        error("the members of a gang need the spawn executor, but process.executor is '${executor ?: 'local'}'; add -profile spawn to the command line")
    }
}

def checkTools(tools) {
    def missing = tools.findAll { tool -> ['sh', '-c', "command -v ${tool}"].execute().waitFor() != 0 }
    if (missing) {
        error("${missing.join(', ')} not found on PATH; on Debian and Ubuntu run: apt-get install ${missing.join(' ')}")
    }
}

// First line of `tool --version`: enters the plan, so that -resume after an upgrade calls again.
def toolVersion(tool) {
    try {
        return [tool, '--version'].execute().text.readLines()[0] ?: tool
    }
    catch (IOException _e) {
        return tool
    }
}
