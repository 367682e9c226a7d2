using Bottle.Egress.Logging;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>One admitted request on its way up and its answer on its way down. <paramref name="Abandon"/> ends it when the client is gone, the upstream stopped taking the body, or pipelock is silent.</summary>
internal readonly record struct Exchange(HttpContext Http, Admission Admission, RequestBody? Body, RequestRecord Record, CancellationTokenSource Abandon)
{
    /// <summary>Whether there is nobody left to answer.</summary>
    public bool IsClientGone => Http.RequestAborted.IsCancellationRequested;

    /// <summary>Whether egress itself gave it up.</summary>
    public bool IsGivenUp => Abandon.IsCancellationRequested && !IsClientGone;

    /// <summary>Why there is no answer; <paramref name="failure"/> is what was thrown, if anything was.</summary>
    public Refusal Explain(Exception? failure) => UpstreamFailure.Explain(failure is null || IsGivenUp ? new PipelockSilentException() : failure, Body, Admission);

    /// <summary>Breaks the connection off, so that half an answer does not look whole; there is nothing more to say.</summary>
    public Refusal? Abort()
    {
        Record.Reason ??= "the client went away";
        Http.Abort();
        return null;
    }
}
