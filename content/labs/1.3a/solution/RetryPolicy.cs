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
    /// <summary>Attente après l'échec numéro <paramref name="attempt"/>, tirée entre zéro et le plafond de cet essai.</summary>
    public TimeSpan Delay(int attempt) => Random.Shared.NextDouble() * Ceiling(attempt);

    /// <summary>Le plafond double à chaque échec : 200, 400, 800 ms…, sans jamais dépasser RETRY_CAP_MS.</summary>
    private TimeSpan Ceiling(int attempt)
    {
        double doubled = settings.RetryBase.TotalMilliseconds * Math.Pow(2, attempt - 1);
        return TimeSpan.FromMilliseconds(Math.Min(doubled, settings.RetryCap.TotalMilliseconds));
    }
    // </backoff>
}
