using Confluent.Kafka;

namespace Formation.OrderConsumer;

/// <summary>Ce qu'il est advenu d'un message.</summary>
public enum Outcome
{
    /// <summary>Traité : on peut avancer.</summary>
    Processed,

    /// <summary>Mis de côté, accusé de la DLQ reçu : on peut avancer.</summary>
    DeadLettered,

    /// <summary>L'arrêt est demandé pendant une attente : on n'avance pas, il sera relu.</summary>
    Interrupted,
}

/// <summary>Mène un message à son terme : essais, attentes, DLQ.</summary>
public sealed class OrderPipeline(
    OrderHandler handler,
    RetryPolicy retries,
    DeadLetterQueue deadLetters,
    ILogger<OrderPipeline> logger)
{
    // <retry>
    /// <summary>Traite le message, autant de fois que la politique le permet.</summary>
    /// <exception cref="ProduceException{TKey, TValue}">La DLQ a failli : ne pas avancer.</exception>
    public Outcome Handle(ConsumeResult<byte[], byte[]> result, CancellationToken stop)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                handler.Process(result.Message.Value);
                return Outcome.Processed;
            }
            catch (PoisonMessageException error)
            {
                // Réessayer ne servirait à rien.
                deadLetters.Add(new DeadLetter(result, error, attempt));
                return Outcome.DeadLettered;
            }
            catch (Exception error) when (attempt == retries.MaxAttempts)
            {
                deadLetters.Add(new DeadLetter(result, error, attempt));
                return Outcome.DeadLettered;
            }
            catch (Exception error)
            {
                TimeSpan wait = retries.Delay(attempt);
                logger.LogWarning(
                    "{Position} : essai {Attempt} manqué ({Reason}), {WaitMs:F0} ms d'attente",
                    result.TopicPartitionOffset.Text(),
                    attempt,
                    error.Message,
                    wait.TotalMilliseconds);
                if (stop.WaitHandle.WaitOne(wait))
                {
                    return Outcome.Interrupted;
                }
            }
        }
    }
    // </retry>
}
