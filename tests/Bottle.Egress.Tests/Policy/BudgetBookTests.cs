using Bottle.Contracts.Routes;
using Bottle.Egress.Policy;

namespace Bottle.Egress.Tests.Policy;

/// <summary>Counts of a run's budget and their file.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BudgetBookTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.PathOf("budget.json");

    [Test]
    public void Every_count_goes_on_where_it_was()
    {
        var before = new BudgetCounts { Started = DateTimeOffset.UtcNow, Requests = 1, Bytes = 20, Tokens = 300, UnreadAnswers = 4000 };
        System.IO.File.WriteAllBytes(File, BudgetFormat.Write(before));
        using (var book = new BudgetBook(File, TimeProvider.System))
        {
            // A reload reads the file again, and must not count it twice.
            book.Recover();
            book.TryTakeRequest();
            book.AddBytes(1);
            book.AddTokens(1);
            book.AddUnreadAnswer();
        }
        Assert.That(Kept(), Is.EqualTo(before with { Requests = 2, Bytes = 21, Tokens = 301, UnreadAnswers = 4001 }));
    }

    [Test]
    public void Numbers_beyond_every_limit_leave_a_file_that_can_be_read_and_the_budget_spent()
    {
        using (var book = new BudgetBook(File, TimeProvider.System))
        {
            book.Limit(new Budget { Tokens = Budget.Most });
            book.AddTokens(Budget.Most);
            book.AddTokens(Budget.Most);
            book.AddTokens(-5);
            Assert.That(book.FindRefusal()?.Reason, Does.Contain($"{Budget.Most} of {Budget.Most} tokens"));
        }
        using var next = new BudgetBook(File, TimeProvider.System);
        next.Limit(new Budget { Tokens = Budget.Most });
        Assert.That((next.Problem, next.FindRefusal()?.Reason), Is.EqualTo(((string?)null, $"the budget of this run is spent ({Budget.Most} of {Budget.Most} tokens); the operator may extend it")));
    }

    [Test]
    public void A_file_that_cannot_be_read_is_never_written_over()
    {
        System.IO.File.WriteAllText(File, "{");
        using (var book = new BudgetBook(File, TimeProvider.System))
        {
            book.Limit(new Budget { Requests = 10 });
            book.AddBytes(1);
            book.Save();
            book.Recover();
            book.Save();
        }
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("{"));
    }

    [Test]
    public void What_has_not_changed_is_not_written_again()
    {
        using var book = new BudgetBook(File, TimeProvider.System);
        book.AddBytes(1);
        book.Save();
        System.IO.File.WriteAllText(File, "touched");
        book.Save();
        Assert.That(System.IO.File.ReadAllText(File), Is.EqualTo("touched"));
        book.AddBytes(1);
        book.Save();
        Assert.That(Kept().Bytes, Is.EqualTo(2));
    }

    [Test]
    public async Task However_many_ask_at_once_no_more_get_one_than_there_are()
    {
        using var book = new BudgetBook(File, TimeProvider.System);
        for (var limit = 1; limit <= 100; limit++)
        {
            book.Limit(new Budget { Requests = limit * 5 });
            using var start = new Barrier(8);
            var taken = await Task.WhenAll(Enumerable.Range(0, start.ParticipantCount).Select(_ => Task.Factory.StartNew(() =>
            {
                start.SignalAndWait();
                return Enumerable.Range(0, 5).Count(_ => book.TryTakeRequest() is null);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.That(taken.Sum(), Is.EqualTo(5));
            Assert.That(book.Report().Requests.Used, Is.EqualTo(limit * 5));
        }
    }

    [Test]
    public async Task Whatever_was_counted_is_in_the_file_a_second_later()
    {
        var clock = new ManualClock();
        using var book = new BudgetBook(File, clock);
        (Action<BudgetBook> Use, Func<BudgetCounts, long> Count)[] uses =
        [
            (_ => { }, counts => counts.Requests + 1),
            (use => use.TryTakeRequest(), counts => counts.Requests),
            (use => use.AddBytes(1), counts => counts.Bytes),
            (use => use.AddTokens(1), counts => counts.Tokens),
            (use => use.AddUnreadAnswer(), counts => counts.UnreadAnswers),
        ];
        foreach (var (use, count) in uses)
        {
            use(book);
            await clock.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
            Assert.That(count(Kept()), Is.EqualTo(1));
        }
    }

    [TestCase("link")]
    [TestCase("folder")]
    [TestCase("pipe")]
    [TestCase("huge")]
    public async Task What_lies_in_the_place_of_the_file_is_neither_followed_nor_taken_for_nothing(string what)
    {
        switch (what)
        {
            case "link":
                System.IO.File.WriteAllBytes(_folder.PathOf("other"), BudgetFormat.Write(new BudgetCounts { Started = DateTimeOffset.UtcNow, Requests = 0, Bytes = 0, Tokens = 0, UnreadAnswers = 0 }));
                System.IO.File.CreateSymbolicLink(File, _folder.PathOf("other"));
                break;
            case "folder":
                Directory.CreateDirectory(File);
                break;
            case "pipe":
                using (var made = System.Diagnostics.Process.Start("mkfifo", [File]))
                {
                    await made.WaitForExitAsync();
                }
                break;
            default:
                using (var made = System.IO.File.Create(File))
                {
                    made.SetLength(1L << 40);
                }
                break;
        }
        // Opening a pipe would wait for ever.
        using var book = await Task.Run(() => new BudgetBook(File, TimeProvider.System)).WaitAsync(TimeSpan.FromMinutes(1));
        book.Limit(new Budget { Requests = 10 });
        Assert.That(book.TryTakeRequest()?.Code.Code, Is.EqualTo("BTL6030"));
        book.Save();
        Assert.That(new FileInfo(File).LinkTarget is not null, Is.EqualTo(what == "link"));
        book.Limit(null);
        Assert.That(book.TryTakeRequest(), Is.Null);
    }

    public void Dispose() => _folder.Dispose();

    private BudgetCounts Kept() => BudgetFormat.ReadCounts(System.IO.File.ReadAllBytes(File))!;
}
