namespace Bottle.Core.Capability;

/// <summary>One step on top of the agent's image (SPEC K5).</summary>
public abstract record CapabilityStep
{
    private CapabilityStep()
    {
    }

    /// <summary>The step as a line of a Dockerfile.</summary>
    public abstract string Line { get; }

    /// <summary>A command of <c>/bin/sh -c</c>, as root.</summary>
    public sealed record Run(string Command) : CapabilityStep
    {
        /// <inheritdoc/>
        public override string Line => $"RUN {Command}";
    }

    /// <summary>A variable of the image, which later steps see too; the value holds no quote, backslash or dollar.</summary>
    public sealed record Env(string Name, string Value) : CapabilityStep
    {
        /// <inheritdoc/>
        public override string Line => $"ENV {Name}=\"{Value}\"";
    }
}

/// <summary>What an agent asks for: its steps, and the packages that they name as far as that can be told.</summary>
public sealed record CapabilityRequest(IReadOnlyList<CapabilityStep> Steps, IReadOnlyList<NamedPackage> Packages);

/// <summary>A package that a step names: by which manager (<c>apt</c>, <c>npm</c> …), and its name as it is written.</summary>
public sealed record NamedPackage(string Manager, string Name);
