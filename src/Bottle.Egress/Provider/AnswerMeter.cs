using Bottle.Egress.Logging;
using Bottle.Egress.Policy;
using Bottle.Egress.Requests;

namespace Bottle.Egress.Provider;

/// <summary>Charges the tokens of one request to a model provider as its answer tells them.</summary>
internal sealed class AnswerMeter
{
    private readonly BudgetBook _budget;
    private readonly RequestRecord _record;
    private UsageReader? _reader;
    private bool _isRefused;
    private long _charged;

    private AnswerMeter(BudgetBook budget, RequestRecord record) => (_budget, _record) = (budget, record);

    /// <summary>The meter of a request; null when it costs no tokens: it goes by no provider's route, or has another method than POST (what is fetched again was charged before).</summary>
    public static AnswerMeter? Create(Admission admission, BudgetBook budget, RequestRecord record) =>
        admission.Route.Provider is not null && admission.Request.Method == "POST" ? new AnswerMeter(budget, record) : null;

    /// <summary>The answer begins. One that says that it failed costs nothing.</summary>
    public void Begin(HttpResponseMessage answer)
    {
        _isRefused = !answer.IsSuccessStatusCode;
        _reader = new UsageReader(answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) ? type.ToString() : null);
    }

    /// <summary>Reads on.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_isRefused || _reader is null)
        {
            return;
        }
        _reader.Feed(bytes);
        var tokens = _reader.Tokens;
        if (tokens > _charged)
        {
            _budget.AddTokens(tokens - _charged);
            (_charged, _record.Tokens) = (tokens, tokens);
        }
    }

    /// <summary>The exchange has ended, one way or another. Without an answer it may have cost something all the same, when the provider <paramref name="wasAsked"/>: a client that goes in time hides what it costs.</summary>
    public void End(bool wasAsked)
    {
        if (_isRefused || (_reader is null && !wasAsked))
        {
            return;
        }
        if (_reader is { IsKnown: true })
        {
            _record.Tokens = _charged;
        }
        else
        {
            _record.HasUnreadTokens = true;
            _budget.AddUnreadAnswer();
        }
    }
}
