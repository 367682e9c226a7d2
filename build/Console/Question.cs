namespace Bottle.Build.Console;

/// <summary>A person's answer at the terminal. Reading one cannot be broken off, and Ctrl-C, where one would rather not answer, must not have to wait for a line.</summary>
internal static class Question
{
    /// <summary>Asks, and waits for y, Y or yes; anything else is no.</summary>
    /// <exception cref="OperationCanceledException">A signal came first.</exception>
    internal static async Task<bool> IsYesAsync(BottleContext context, string question) => await AskAsync(context, question) is "y" or "Y" or "yes";

    /// <summary>Asks, and waits for a line without the blanks around it; null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">A signal came first.</exception>
    internal static async Task<string?> AskAsync(BottleContext context, string question)
    {
        context.Console.Ask(question);
        try
        {
            return (await ReadAsync(System.Console.ReadLine, context.Cancellation))?.Trim();
        }
        catch (OperationCanceledException)
        {
            // What is said next begins a line of its own.
            context.Console.Line();
            throw;
        }
    }

    /// <summary>Waits for a read or a cancellation, whichever comes first; a read that is left behind ends with the process.</summary>
    internal static Task<string?> ReadAsync(Func<string?> read, CancellationToken cancellation) =>
        Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellation);
}
