namespace Formation.OrderConsumer;

/// <summary>Combien de fois réessayer, et combien de temps attendre entre deux essais.</summary>
public sealed class RetryPolicy(ConsumerSettings settings)
{
    /// <summary>Nombre d'essais, le premier compris.</summary>
    public int MaxAttempts => settings.MaxAttempts;

    /// <summary>Somme des plus longues attentes possibles entre le premier essai et le dernier.</summary>
    public TimeSpan LongestWait =>
        Enumerable.Range(1, settings.MaxAttempts - 1)
            .Aggregate(TimeSpan.Zero, (total, attempt) => total + Ceiling(attempt));

    // <backoff>
    /// <summary>Attente après l'échec numéro <paramref name="attempt"/>, tirée au sort.</summary>
    public TimeSpan Delay(int attempt) => Random.Shared.NextDouble() * Ceiling(attempt);

    /// <summary>Son plafond double à chaque échec : 200, 400, 800 ms…</summary>
    private TimeSpan Ceiling(int attempt)
    {
        double doubled = settings.RetryBase.TotalMilliseconds * Math.Pow(2, attempt - 1);
        double capped = Math.Min(doubled, settings.RetryCap.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(capped);
    }
    // </backoff>
}
