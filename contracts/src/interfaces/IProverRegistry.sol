// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One prover. Amounts are in units of the 6-decimal token, times are protocol time.
/// @param stake Stake of the prover, including its locked part.
/// @param locked Part of the stake that open cases may still take.
/// @param since Epoch in which the prover was last listed.
/// @param covered Epoch for which coverage was last paid.
/// @param exitAt First second at which the stake may leave; 0 unless the prover is leaving.
/// @param place Place in the list from which panels are drawn, from 1; 0 if not listed.
struct Prover {
    uint128 stake;
    uint128 locked;
    uint64 since;
    uint64 covered;
    uint64 exitAt;
    uint32 place;
}

/// @title Provers: their stakes, the pool that pays them, and the drawing of panels.
/// @notice Holds all stakes and earnings, and the prover pool, which is the rest of the balance. The treasury credits
/// the provers' cut of each payment to this contract. Anyone may add to the pool by a transfer. A prover is one lot in
/// the drawing and one vote on the panel, regardless of its stake.
interface IProverRegistry {
    /// @notice Only the court may call this.
    error NotCourt(address caller, address court);

    /// @notice The stake would be below the minimum.
    error StakeBelowMin(uint256 stake, uint256 min);

    /// @notice The account is not a listed prover.
    error NotListed(address prover);

    /// @notice The prover is leaving. It must withdraw before it can stake again.
    error ProverLeaving(address prover, uint64 exitAt);

    /// @notice The prover has not asked to leave.
    error NotLeaving(address account);

    /// @notice The stake is still thawing.
    error StakeThawing(uint64 time, uint64 exitAt);

    /// @notice Open cases may still take this part of the stake.
    error StakeLocked(address prover, uint256 locked);

    /// @notice The unlocked part of the stake does not cover the penalty.
    error StakeNotFree(address prover, uint256 free, uint256 needed);

    /// @notice Coverage is paid once for each whole epoch. `first` is the first epoch that can be paid.
    error CoverageTooEarly(uint64 epoch, uint64 first);

    /// @notice Coverage needs the root of the tests.
    error CoverageRootMissing();

    /// @notice A prover added to its stake.
    event Staked(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover was added to the list from which panels are drawn, or removed from it.
    event Listed(address indexed prover, bool listed);

    /// @notice The prover is leaving. Its stake thaws until `exitAt`.
    event Leaving(address indexed prover, uint64 exitAt);

    /// @notice The stake went back to the prover.
    event Left(address indexed prover, uint256 amount);

    /// @notice The prover published the root of its tests in the epoch. It is owed the base fee.
    event Covered(address indexed prover, uint64 indexed epoch, bytes32 root, uint256 fee);

    /// @notice The prover lost part of its stake.
    event Penalised(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover is owed its share of a panel's pay.
    event Rewarded(address indexed prover, uint256 amount);

    /// @notice The prover's earnings were paid.
    event EarningsClaimed(address indexed prover, uint256 amount);

    /// @notice Adds to the caller's stake, and lists the caller if it is not listed. Reverts while the protocol is
    /// paused.
    function stake(uint256 amount) external;

    /// @notice Removes the caller from the list. Its stake thaws as long as a copy's collateral does.
    function exit() external;

    /// @notice Sends a leaving prover its stake, from `exitAt` on and once no open case holds any of it. Anyone may
    /// call this.
    function withdraw(address prover) external returns (uint256 amount);

    /// @notice Pays the base fee for coverage. Once an epoch, a prover that was listed before the epoch publishes the
    /// Merkle root of its tests and is owed min(coverage fee, its equal part of the pool).
    /// @dev Warning: the chain cannot verify that the tests were made. The root commits the prover to its statement,
    /// and the fee is bounded by the stake's own yield (docs/economy.md).
    function cover(bytes32 root) external returns (uint256 fee);

    /// @notice Pays a prover its earnings. Anyone may call this; the money goes to the prover.
    function claim(address prover) external returns (uint256 amount);

    /// @notice Draws up to `seats` different provers, excluding the parties, and locks a penalty of each. Only the
    /// court may call this.
    /// @dev The cost grows with the square of `seats`, not with the number of provers.
    /// @return panel Drawn provers. There are fewer than `seats` if fewer are listed, or if a drawn prover is a party
    /// or lacks free stake.
    /// @return penalty Amount locked for each.
    function draw(bytes32 seed, uint256 seats, address opener, address accused)
        external
        returns (address[] memory panel, uint64 penalty);

    /// @notice Locks a penalty of the prover's stake. Only the court may call this.
    function lock(address prover) external returns (uint64 penalty);

    /// @notice Releases a lock, or moves the locked amount to the pool. Only the court may call this.
    function unlock(address prover, uint64 penalty, bool taken) external;

    /// @notice Settles a panel. Losers lose the penalty. Winners share it and are paid for their votes from the pool.
    /// The others get their lock back. Only the court may call this.
    /// @param losers Bit i stands for `panel[i]`.
    /// @param winners Bit i stands for `panel[i]`.
    function settle(address[] calldata panel, uint256 losers, uint256 winners, uint64 penalty) external;

    /// @notice One prover, or all zeros if it does not exist.
    function provers(address prover) external view returns (Prover memory);

    /// @notice Amount that `claim` would pay.
    function earned(address prover) external view returns (uint256);

    /// @notice Number of listed provers.
    function listed() external view returns (uint256);

    /// @notice Prover at a place of the list, from 0.
    function proverAt(uint256 place) external view returns (address);

    /// @notice Balance of the pool: the contract's balance minus all stakes and earnings.
    function pool() external view returns (uint256);

    /// @notice All stakes and all unpaid earnings.
    function committed() external view returns (uint256);
}
