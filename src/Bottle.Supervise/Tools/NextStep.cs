using Bottle.Contracts.Supervision;
using Bottle.Supervise.Egress;

namespace Bottle.Supervise.Tools;

/// <summary>What the model should do after an answer.</summary>
internal static class NextStep
{
    /// <summary>One or two sentences.</summary>
    public static string For(ProposedQuestion question, Answer answer, LiveRoute? granted) => answer.Decision switch
    {
        AnswerDecision.Rejected => "The operator rejected it. Do not ask for the same again; go on without it, or tell the user what you cannot do.",
        AnswerDecision.Failed => "It was granted but could not be put in force; nothing has changed. Tell the user; asking once more later may help.",
        _ => question.Tool switch
        {
            ProposalTool.CapabilityBlock => "The image is changed. This run ends now, and goes on with the new image when the operator resumes it: do nothing more. Then run the missing tool to verify that it is there.",
            ProposalTool.PipelockBlock => $"Bodies to {question.Key} are no longer inspected. Retry the refused request now to verify.",
            _ => ForRoute(question.Request!, answer.Changed, granted),
        },
    };

    private static string ForRoute(ProposedRequest request, bool isChanged, LiveRoute? granted) => (isChanged, granted) switch
    {
        (false, _) => $"Retry {request.Method} {request.Url} now to verify that it works.",
        (true, not null) => $"The operator granted something else than the narrowest route: see 'granted'. {request.Method} {request.Url} is allowed; retry it now to verify.",
        (true, null) => $"The operator granted something else than you asked for. Call list-egress-routes to see it; {request.Method} {request.Url} may still be refused.",
    };
}
