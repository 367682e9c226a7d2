using Bottle.Contracts.Supervision;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests.Reading;
using Bottle.Core.Planning;

namespace Bottle.Core.Capability;

/// <summary>
/// Reads the steps of a capability proposal before any engine sees them (SPEC K5). Only <c>RUN</c> and <c>ENV</c>, one whole line each, in which every character shows as itself: what an operator
/// read is what is run. No Dockerfile is ever made of them for an engine to parse.
/// </summary>
public static class CapabilityParser
{
    private const string RunWord = "RUN ";
    private const string EnvWord = "ENV ";

    /// <summary>The request, or everything that is wrong with it, BTL7401 a step.</summary>
    /// <exception cref="BottleException">BTL7401.</exception>
    public static CapabilityRequest Parse(IReadOnlyList<string> steps)
    {
        var problems = new List<Diagnostic>();
        var parsed = new List<CapabilityStep>();
        foreach (var (index, step) in steps.Index())
        {
            if (Problem(step) is { } problem)
                problems.Add(CapabilityErrors.BadStep(index + 1, step, problem));
            else
                parsed.Add(Step(step));
        }

        if (problems.Count == 0 && CapabilitySteps.FindProblem(steps) is { } whole)
            problems.Add(CapabilityErrors.BadStep(1, steps.Count == 0 ? "" : steps[0], whole));
        return problems.Count > 0 ? throw new BottleException(problems) : new CapabilityRequest(parsed, PackageNames.Of(parsed));
    }

    private static string? Problem(string step)
    {
        if (InertText.Line(step) != step)
            return "it has a character that does not show as itself";
        if (CapabilitySteps.FindProblem([step]) is { } problem)
            return problem;
        return step.StartsWith(RunWord, StringComparison.Ordinal) ? RunProblem(step[RunWord.Length..].Trim())
            : step.StartsWith(EnvWord, StringComparison.Ordinal) ? EnvProblem(step[EnvWord.Length..].Trim())
            : "it is neither 'RUN command' nor 'ENV NAME=value'";
    }

    private static string? RunProblem(string command) => command switch
    {
        "" => "it has no command",
        _ when command.StartsWith('[') => "a list of arguments is not possible; write the command as in a shell",
        _ when command.StartsWith("--", StringComparison.Ordinal) => "an option of RUN is not possible",
        _ => null,
    };

    private static string? EnvProblem(string pair)
    {
        if (pair.Split('=', 2) is not [var name, var value])
            return "it is no 'ENV NAME=value'";
        if (!EnvironmentReader.IsName(name))
            return $"'{InertText.Excerpt(name)}' cannot be the name of a variable";
        if (SteeringVariables.WhatItSteers(name) is { } steers)
            return $"'{name}' steers {steers}";
        if (AgentEnvironment.IsOurs(name))
            return $"'{name}' is set by Bottle itself";
        var bare = Unquoted(value);
        return bare.Any(c => c is '"' or '\'' or '\\' or '$' or '`') ? "the value has a quote, a backslash or a dollar" : null;
    }

    private static CapabilityStep Step(string step)
    {
        if (step.StartsWith(RunWord, StringComparison.Ordinal))
            return new CapabilityStep.Run(step[RunWord.Length..].Trim());
        var pair = step[EnvWord.Length..].Trim().Split('=', 2);
        return new CapabilityStep.Env(pair[0], Unquoted(pair[1]));
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;
}
