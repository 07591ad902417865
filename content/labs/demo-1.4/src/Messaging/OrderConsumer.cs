using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Formation.Shop.Messaging;

/// <summary>La boucle de lecture : lire, traiter, noter la position. Elle a son propre thread, car <c>Consume</c> bloque.</summary>
public sealed class OrderConsumer(
    IOrderHandler handler,
    ServiceSettings settings,
    ConsumerState state,
    TimingLog timings,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<OrderConsumer> logger) : BackgroundService
{
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(250);

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Factory.StartNew(
        () => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        try
        {
            using IConsumer<string, string> consumer = ConsumerFactory.Create(settings, logger);
            consumer.Subscribe(settings.Topic);
            Loop(consumer, stop);
        }
        catch (SettingsException error)
        {
            GiveUp(error, ExitCode.BadConfiguration);
        }
        catch (Exception error)
        {
            // Sommet du thread : personne d'autre ne l'attraperait. La position n'est pas notée, le message sera relu.
            GiveUp(error, ExitCode.Failure);
        }
    }

    // <loop>
    private void Loop(IConsumer<string, string> consumer, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (Next(consumer) is { } result)
                {
                    Process(result);
                    Store(consumer, result);
                }
            }
        }
        finally
        {
            // Valide les positions notées et quitte le groupe : les autres membres n'attendent pas la fin de session.
            consumer.Close();
        }
    }

    private ConsumeResult<string, string>? Next(IConsumer<string, string> consumer)
    {
        try
        {
            return consumer.Consume(PollTimeout);
        }
        catch (ConsumeException error) when (!error.Error.IsFatal)
        {
            logger.LogWarning("Lecture : {Code}, {Reason}", error.Error.Code, error.Error.Reason);
            return null;
        }
        finally
        {
            state.MarkPoll();
        }
    }
    // </loop>

    // <process>
    private void Process(ConsumeResult<string, string> result)
    {
        if (!OrderCreated.TryParse(result.Message.Value, out OrderCreated? order))
        {
            logger.LogError("Message illisible, ignoré : {Position}", result.TopicPartitionOffset);
            return;
        }

        DateTimeOffset received = clock.GetUtcNow();
        using Activity? activity = Tracing.Source.StartActivity(
            $"process {result.Topic}",
            ActivityKind.Consumer,
            parentContext: Tracing.Extract(result.Message.Headers));
        activity?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.destination.name", result.Topic)
            .SetTag("messaging.destination.partition.id", result.Partition.Value.ToString())
            .SetTag("messaging.consumer.group.name", settings.GroupId);

        // Ce thread ne sert qu'à nous : attendre ici garde l'ordre de la partition.
        handler.HandleAsync(order).GetAwaiter().GetResult();
        Report(order, result, received, clock.GetUtcNow());
    }
    // </process>

    private void Report(OrderCreated order, ConsumeResult<string, string> result, DateTimeOffset received, DateTimeOffset done)
    {
        DateTimeOffset written = result.Message.Timestamp.UtcDateTime;
        DateTimeOffset created = order.CreatedAt == default ? written : order.CreatedAt; // absent des messages du LAB 1.1
        var timing = new Timing(
            order.OrderId, result.Partition.Value, result.Offset.Value, Received: received - written, Done: done - created);
        timings.Add(timing);
        logger.LogInformation(
            "{OrderId} traitée pour {CustomerId} : {Topic} [{Partition}] @ {Offset}, reçue en {ReceivedMs:F0} ms, finie en {DoneMs:F0} ms",
            order.OrderId,
            order.CustomerId,
            result.Topic,
            timing.Partition,
            timing.Offset,
            timing.Received.TotalMilliseconds,
            timing.Done.TotalMilliseconds);
    }

    // <store>
    private void Store(IConsumer<string, string> consumer, ConsumeResult<string, string> result)
    {
        try
        {
            consumer.StoreOffset(result);
        }
        catch (KafkaException error) when (error.Error.Code == ErrorCode.Local_State)
        {
            // La partition n'est plus à nous : son nouveau lecteur reprendra ce message.
            logger.LogWarning("Position non notée, partition retirée : {Position}", result.TopicPartitionOffset);
        }
    }
    // </store>

    private void GiveUp(Exception error, int exitCode)
    {
        logger.LogCritical(error, "Arrêt du service");
        Environment.ExitCode = exitCode;
        lifetime.StopApplication();
    }
}
