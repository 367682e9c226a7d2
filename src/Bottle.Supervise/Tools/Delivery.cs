namespace Bottle.Supervise.Tools;

/// <summary>What happens once a call's response has been handed over: an answer is consumed then, and not when its client was gone before.</summary>
internal sealed class Delivery
{
    private Action? _whenDelivered;

    /// <summary>Says what to do.</summary>
    public void Then(Action action) => _whenDelivered = action;

    /// <summary>The response has been handed over.</summary>
    public void Complete() => _whenDelivered?.Invoke();
}
