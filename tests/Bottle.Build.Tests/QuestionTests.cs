using Bottle.Build.Console;

namespace Bottle.Build.Tests;

[Parallelizable(ParallelScope.All)]
internal sealed class QuestionTests
{
    [Test]
    public async Task An_answer_is_what_was_typed_and_the_end_of_the_input_is_none()
    {
        Assert.That(await Question.ReadAsync(() => "y", CancellationToken.None), Is.EqualTo("y"));
        Assert.That(await Question.ReadAsync(() => null, CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_signal_ends_the_wait_although_nobody_types_a_line()
    {
        using var line = new ManualResetEventSlim();
        using var signal = new CancellationTokenSource();
        var answer = Question.ReadAsync(() =>
        {
            line.Wait();
            return "y";
        }, signal.Token);
        await signal.CancelAsync();
        var first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromSeconds(30)));
        line.Set();
        Assert.That((first == answer, answer.IsCanceled), Is.EqualTo((true, true)));
    }
}
