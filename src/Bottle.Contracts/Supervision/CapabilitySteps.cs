namespace Bottle.Contracts.Supervision;

/// <summary>The steps of <c>capability-block</c>: <c>RUN</c> and <c>ENV</c> lines on top of the agent's image (SPEC K5). The first of two readings; what runs them parses them again.</summary>
public static class CapabilitySteps
{
    /// <summary>What is wrong with the steps, one clause without a full stop; null when they can be asked for.</summary>
    public static string? FindProblem(IReadOnlyList<string> steps)
    {
        if (steps.Count is 0 or > ProposalLimits.Steps)
        {
            return steps.Count == 0 ? "there is no step" : $"there are more than {ProposalLimits.Steps} steps";
        }
        for (var i = 0; i < steps.Count; i++)
        {
            if (FindProblem(steps[i]) is { } problem)
            {
                return $"step {i + 1} {problem}";
            }
        }
        return null;
    }

    private static string? FindProblem(string step)
    {
        if (step.Length > ProposalLimits.Step)
        {
            return $"is longer than {ProposalLimits.Step} characters";
        }
        if (step.Any(char.IsControl))
        {
            return "has a line break or a control character; write one line, with '&&' between commands";
        }
        if (step.EndsWith('\\') || step.Contains("<<", StringComparison.Ordinal))
        {
            return "goes on in a next line ('\\' at its end, or '<<'); write one whole line";
        }
        if (step.Split(' ', 2, StringSplitOptions.TrimEntries) is not ["RUN" or "ENV", { Length: > 0 } rest])
        {
            return "is neither 'RUN command' nor 'ENV NAME=value'; FROM, ADD, COPY and the others are not possible";
        }
        return rest.StartsWith("--", StringComparison.Ordinal) ? "has an option such as '--mount', which is not possible" : null;
    }
}
