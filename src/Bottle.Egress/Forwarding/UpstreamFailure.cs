using System.Security.Authentication;
using Bottle.Contracts.Denials;
using Bottle.Egress.Provider;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Forwarding;

/// <summary>Says why no answer came from upstream, in words for the agent: no address, no stack, no secret.</summary>
internal static class UpstreamFailure
{
    /// <summary>The refusal for a failed exchange.</summary>
    public static Refusal Explain(Exception failure, RequestBody? body, Admission admission)
    {
        if (body is { End: not BodyEnd.Whole })
        {
            return body.End switch
            {
                BodyEnd.Refused => body.Refusal!,
                BodyEnd.TooLarge => TooLarge(admission),
                BodyEnd.Untaken => new Refusal(DenialCodes.UpstreamFailed, $"{admission.Request.Authority} stopped taking the request body"),
                BodyEnd.Stalled => new Refusal(DenialCodes.BodyTimeout, "the request body stopped arriving"),
                _ => new Refusal(DenialCodes.Malformed, "the request body is broken: bad chunks, or not what its Content-Encoding says"),
            };
        }
        for (Exception? e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case BadHttpRequestException bad:
                    return new Refusal(DenialCodes.Malformed, bad.Message);
                case UpstreamRefusedException { Status: 403 } refused:
                    return new Refusal(DenialCodes.PipelockRefused, "pipelock: " + refused.Text);
                case UpstreamRefusedException refused:
                    return new Refusal(DenialCodes.UpstreamFailed, refused.Message);
                case PipelockSilentException:
                    return new Refusal(DenialCodes.UpstreamFailed, e.Message);
                case AuthenticationException:
                    return new Refusal(DenialCodes.UpstreamFailed, $"the TLS certificate of {admission.Request.Authority} was not accepted: {e.Message}");
            }
        }
        return new Refusal(DenialCodes.UpstreamFailed, failure is HttpRequestException { HttpRequestError: var error and not HttpRequestError.Unknown }
            ? $"{admission.Request.Authority}: {error}" : $"{admission.Request.Authority} gave no usable answer");
    }

    /// <summary>A body beyond what pipelock scans.</summary>
    public static Refusal TooLarge(Admission admission) => admission.Route.Provider is not null && !admission.Route.Inspect
        ? new Refusal(DenialCodes.ProviderFetch, $"requests to a provider are read before they go on, up to {ProviderGuard.MaxBytes / 1024 / 1024} MiB")
        : new Refusal(DenialCodes.InspectedBodyTooLarge, $"bodies to {admission.Route.Host} are inspected and may not be this large; the route would need inspect: false");
}
