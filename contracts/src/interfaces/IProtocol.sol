// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Parameters that the owner may change, each within fixed bounds (`bounds`). Windows are seconds of protocol
/// time, and their bounds are in proportion to the epoch: for epochs of a day, an hour and 7 to 30 days. Amounts are units of the 6-decimal token, shares of money are basis points.
enum Parameter {
    LeakTail,
    AcceptWindow,
    ReportGrace,
    AnswerWindow,
    CaseWindow,
    ThawBuffer,
    ChallengeBond,
    CaseBond,
    BountyBps,
    BountyCap,
    MinterBond,
    ProverStake,
    ProverPenalty,
    CoverageFee,
    ProtocolCutBps,
    ProverCutBps,
    MinterCutBps,
    CaseCap,
    OriginBond,
    OriginTime
}

/// @title The protocol's clock, parameters, emergency pause and guarded launch.
/// @notice Every window, deadline and epoch is measured in `time`, which does not advance during a pause. A pause stops
/// new business only (`requireOpen`). Exits and payouts do not depend on it.
///
/// Parameters are kept for each epoch. A change counts from the next epoch on: what an epoch allowed when it began holds
/// for everything that belongs to that epoch, whenever it is decided.
///
/// **Guarded launch.** Until the owner ends it, once and for good, provers are admitted by the owner, what one case may
/// take has a cap, and the council may annul a conviction within one case window. The council can do nothing else, and its
/// silence confirms. During this time the owner and the council are trusted.
/// @dev The owner is a timelock. A change does not affect values that were already fixed, such as a deadline or a bond.
interface IProtocol {
    /// @notice The protocol is paused. New business is possible again at `until` (Unix seconds) at the latest.
    error ProtocolPaused(uint64 until);

    /// @notice The protocol is not paused.
    error NotPaused();

    /// @notice Only the guardian may pause. Only the guardian and the owner may unpause.
    error NotGuardian(address caller, address guardian);

    /// @notice The last pause has not ended or ended too recently. The next may begin at `notBefore` (Unix seconds).
    error PauseTooEarly(uint64 time, uint64 notBefore);

    /// @notice A parameter is outside its bounds.
    error ParameterOutOfBounds(Parameter parameter, uint64 value, uint64 min, uint64 max);

    /// @notice The epoch length is outside its bounds.
    error EpochLengthOutOfBounds(uint64 length, uint64 min, uint64 max);

    /// @notice The protocol was paused, until `until` (Unix seconds) at the latest.
    event Paused(address indexed guardian, uint64 until);

    /// @notice The pause was ended early.
    event Unpaused(address indexed caller);

    /// @notice The guardian was set. If zero, nobody can pause.
    event GuardianSet(address indexed guardian);

    /// @notice The council was set. If zero, nobody can annul.
    event CouncilSet(address indexed council);

    /// @notice The guarded launch ended for good.
    event GuardedLaunchEnded();

    /// @notice A parameter was set. The value counts from the beginning of epoch `from`.
    event ParameterSet(Parameter indexed parameter, uint64 value, uint64 from);

    /// @notice Stops new business and protocol time for at most 7 days. The next pause may begin 14 days after the end
    /// of this one.
    function pause() external;

    /// @notice Ends a pause early.
    function unpause() external;

    /// @notice Replaces the guardian.
    function setGuardian(address guardian) external;

    /// @notice Replaces the council.
    function setCouncil(address council) external;

    /// @notice Ends the guarded launch. It never begins again.
    function endGuardedLaunch() external;

    /// @notice Sets a parameter from the next epoch on. A second change in the same epoch replaces the first.
    function set(Parameter parameter, uint64 value) external;

    /// @notice Protocol time: Unix seconds minus all seconds spent paused. It never decreases.
    function time() external view returns (uint64);

    /// @notice Protocol time, and the number of the set of values that counts now: while it is the same, no parameter changes.
    function moment() external view returns (uint64 time, uint32 number);

    /// @notice Current epoch: `time / epochLength`.
    function epoch() external view returns (uint64);

    /// @notice Whether the protocol is paused.
    function paused() external view returns (bool);

    /// @notice Reverts while the protocol is paused. Only new business calls this: registering, ordering, deploying,
    /// opening a dispute.
    function requireOpen() external view;

    /// @notice Account that may pause.
    function guardian() external view returns (address);

    /// @notice Account that may annul convictions during the guarded launch.
    function council() external view returns (address);

    /// @notice Whether the launch is guarded.
    function guarded() external view returns (bool);

    /// @notice Smallest and largest value of a parameter. They never change.
    function bounds(Parameter parameter) external view returns (uint64 min, uint64 max);

    /// @notice Value of a parameter in the current epoch. The functions below return the same values by name.
    function get(Parameter parameter) external view returns (uint64);

    /// @notice Value of a parameter in an epoch. For later epochs than the current one: as set so far.
    function valueIn(Parameter parameter, uint64 epoch) external view returns (uint64);

    /// @notice Values that a report depends on, in one call.
    /// @return time Protocol time.
    /// @return grace Seconds after the end of `epoch` within which it may be reported.
    /// @return thaw Seconds after the beginning of `epoch` for which its receipts count.
    function reporting(uint64 epoch) external view returns (uint64 time, uint64 grace, uint64 thaw);

    /// @notice The cuts of the current epoch's payments, in basis points.
    function cuts() external view returns (uint16 protocolBps, uint16 proverBps, uint16 minterBps);

    /// @notice First second at which collateral that begins to thaw now may leave: one thaw from now, and not before
    /// the receipts of an earlier epoch stop counting that had a longer thaw.
    function thawEnd() external view returns (uint64);

    /// @notice Length of an epoch in seconds, between ten minutes and a day. It never changes, so an epoch's number always means the same time.
    function epochLength() external view returns (uint64);

    /// @notice Seconds over which the leak bond of a closed copy is released.
    function leakTail() external view returns (uint64);

    /// @notice Seconds after which anyone may accept a delivery.
    function acceptWindow() external view returns (uint64);

    /// @notice Seconds after the end of an epoch within which it may be reported.
    function reportGrace() external view returns (uint64);

    /// @notice Seconds within which the accused may answer a challenge or a case.
    function answerWindow() external view returns (uint64);

    /// @notice Length of the court's part of a case in seconds, from the drawing to the last revealed vote.
    function caseWindow() external view returns (uint64);

    /// @notice Seconds by which the thaw exceeds the time in which an offence can still be proven.
    function thawBuffer() external view returns (uint64);

    /// @notice Epoch + grace + answer + case + buffer, in seconds: the time from the beginning of an epoch for which
    /// its offences can be proven and decided.
    function thaw() external view returns (uint64);

    /// @notice Bond of a challenge.
    function challengeBond() external view returns (uint64);

    /// @notice Bond of a case. An appeal costs twice this.
    function caseBond() external view returns (uint64);

    /// @notice Largest part of slashed collateral that a bounty may be: at most half.
    function bountyBps() external view returns (uint16);

    /// @notice Largest bounty for one conviction.
    function bountyCap() external view returns (uint64);

    /// @notice Collateral that is locked for each report, as a multiple of its fee.
    function feeCollateralFactor() external view returns (uint64);

    /// @notice Minimum bond of a minter.
    function minterBond() external view returns (uint64);

    /// @notice Minimum stake of a listed prover.
    function proverStake() external view returns (uint64);

    /// @notice Penalty of a juror for silence, and for a vote that differs from its own panel's and the last ruling.
    function proverPenalty() external view returns (uint64);

    /// @notice The bond behind each version's origin, and the seconds for which it is locked. With the protocol's time.
    function origin() external view returns (uint64 time, uint64 bond, uint64 duration);

    /// @notice Values that an order depends on, in one call. Reverts while the protocol is paused, as `requireOpen` does.
    function ordering() external view returns (uint64 time, uint64 leakTail, uint64 acceptWindow);

    /// @notice Most that one case may take during the guarded launch; without limit afterwards.
    function caseCap() external view returns (uint64);

    /// @notice Most that a prover earns from the pool for the coverage of one epoch, and for one vote.
    function coverageFee() external view returns (uint64);
}
