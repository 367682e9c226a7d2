namespace Bottle.Build;

/// <summary>On a stage that may run beside others: the engine goes on with the next one, and whatever depends on it waits for it. It touches nothing that another such stage touches.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SideBySideAttribute : Attribute;
