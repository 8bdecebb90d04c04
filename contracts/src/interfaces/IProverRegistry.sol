// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One prover. Money is in units of the 6-decimal token, times are protocol time.
/// @param stake What the prover has at stake, its locked part included.
/// @param locked The part that open cases may still take.
/// @param since The epoch in which it was listed last.
/// @param covered The epoch for whose coverage it was paid last.
/// @param exitAt First second at which its stake may leave; 0 while it is not leaving.
/// @param place Its place in the list from which panels are drawn, from 1; 0 while it is not listed.
struct Prover {
    uint128 stake;
    uint128 locked;
    uint64 since;
    uint64 covered;
    uint64 exitAt;
    uint32 place;
}

/// @title The staked watchers: their stakes, the pool that pays them, and the drawing of panels.
/// @notice Holds every stake and every earning, and the prover pool: what is left of its balance. The treasury credits
/// the provers' cut of each payment to this contract, and anyone may add to the pool by a transfer.
/// One prover is one lot in the drawing and one vote on the panel, however large its stake.
interface IProverRegistry {
    /// @notice Only the court draws panels and settles them.
    error NotCourt(address caller, address court);

    /// @notice The stake would be below the least with which one may be drawn.
    error StakeBelowMin(uint256 stake, uint256 min);

    /// @notice The account is not on the list of provers.
    error NotListed(address prover);

    /// @notice The prover is leaving: it withdraws first and begins anew.
    error ProverLeaving(address prover, uint64 exitAt);

    /// @notice The prover has not asked to leave.
    error NotLeaving(address prover);

    /// @notice It is not time yet.
    error StakeThawing(uint64 time, uint64 exitAt);

    /// @notice Open cases may still take this much of the stake.
    error StakeLocked(address prover, uint256 locked);

    /// @notice The part of the stake that no open case holds does not cover the penalty.
    error StakeNotFree(address prover, uint256 free, uint256 needed);

    /// @notice Coverage is paid for whole epochs, and once each: the first that can be paid is `first`.
    error CoverageTooEarly(uint64 epoch, uint64 first);

    /// @notice Coverage needs the root of what was covered.
    error CoverageRootMissing();

    /// @notice A prover's stake grew.
    event Staked(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover is on the list from which panels are drawn, or no longer.
    event Listed(address indexed prover, bool listed);

    /// @notice The prover wants to leave; its stake thaws.
    event Leaving(address indexed prover, uint64 exitAt);

    /// @notice The stake went back to the prover.
    event Left(address indexed prover, uint256 amount);

    /// @notice The prover says what it tested in the epoch, and is owed the base fee for it.
    event Covered(address indexed prover, uint64 indexed epoch, bytes32 root, uint256 fee);

    /// @notice The prover lost a part of its stake.
    event Penalised(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover is owed its part of a panel's pay.
    event Rewarded(address indexed prover, uint256 amount);

    /// @notice The prover was paid what it had earned.
    event EarningsClaimed(address indexed prover, uint256 amount);

    /// @notice Adds to the caller's stake, and lists it once the stake is large enough. New business: not while paused.
    function stake(uint256 amount) external;

    /// @notice The caller leaves the list; its stake thaws for as long as a copy's collateral does.
    function exit() external;

    /// @notice From `exitAt` on, and once no open case holds any of it, anyone may send a leaving prover its stake.
    function withdraw(address prover) external returns (uint256 amount);

    /// @notice The base fee for coverage: once an epoch, a prover listed since before the epoch publishes the Merkle
    /// root over what it tested and is owed min(coverage fee, its equal part of the pool).
    /// @dev Warning: the chain cannot see whether the tests were made. The root binds the prover to what it says, and
    /// the fee is bounded by the stake's own yield (docs/economy.md).
    function cover(bytes32 root) external returns (uint256 fee);

    /// @notice Pays a prover what it has earned. Anyone may call; the money goes to the prover.
    function claim(address prover) external returns (uint256 amount);

    /// @notice Draws up to `seats` different provers, leaving the parties out, and locks a penalty's worth of each
    /// stake. Only the court.
    /// @dev The cost grows with `seats` squared and not with the number of provers.
    /// @return panel The drawn; fewer than `seats` where too few are listed, have stake free, or are no party.
    /// @return penalty What was locked of each.
    function draw(bytes32 seed, uint256 seats, address opener, address accused)
        external
        returns (address[] memory panel, uint64 penalty);

    /// @notice Locks a penalty's worth of the prover's stake. Only the court.
    function lock(address prover) external returns (uint64 penalty);

    /// @notice Gives a lock back, or takes what it held for the pool. Only the court.
    function unlock(address prover, uint64 penalty, bool taken) external;

    /// @notice Ends a panel's service: losers lose the penalty, winners share it and are paid for their votes from the
    /// pool; who is neither gets its lock back. Only the court.
    /// @param losers Bit i stands for `panel[i]`.
    /// @param winners Bit i stands for `panel[i]`.
    function settle(address[] calldata panel, uint256 losers, uint256 winners, uint64 penalty) external;

    /// @notice One prover; all zeros where there is none.
    function provers(address prover) external view returns (Prover memory);

    /// @notice What `claim` would pay.
    function earned(address prover) external view returns (uint256);

    /// @notice How many provers are listed.
    function listed() external view returns (uint256);

    /// @notice The prover at a place of the list, from 0.
    function proverAt(uint256 place) external view returns (address);

    /// @notice What the pool holds: the balance less all stakes and earnings.
    function pool() external view returns (uint256);

    /// @notice All stakes and all earnings that were not paid out yet.
    function committed() external view returns (uint256);
}
