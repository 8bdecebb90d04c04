// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Receipt, Report } from "../lib/Receipts.sol";
import { CopyId } from "../lib/Types.sol";

/// @notice One prover. Amounts are in units of the 6-decimal token, times are protocol time.
/// @param stake Stake of the prover, including its locked part.
/// @param locked Part of the stake that open cases may still take.
/// @param covered Latest epoch whose coverage was reported.
/// @param exitAt First second at which the stake may leave; 0 unless the prover is leaving.
/// @param place Place in the list from which panels are drawn, from 1; 0 if not listed.
struct Prover {
    uint128 stake;
    uint128 locked;
    uint64 covered;
    uint64 exitAt;
    uint32 place;
}

/// @notice A place in the list, which is never used again.
/// @param since When the prover was listed, in protocol time.
/// @param leftAt When its stake left or fell below the minimum, in protocol time; 0 while it is listed.
struct Place {
    address prover;
    uint48 since;
    uint48 leftAt;
}

/// @notice Who can be drawn for a case. It is fixed when the case opens.
/// @param places Number of places that were a week old.
/// @param eligible Number of them whose prover was still listed.
/// @param openedAt When the case opened, in protocol time.
struct Electorate {
    uint32 places;
    uint32 eligible;
    uint48 openedAt;
}

/// @notice A prover's statement of what it tested in an epoch.
/// @param root Merkle root (`IndexedMerkle`) of the hashes of the receipts that hosts signed for its tests.
/// @param count Number of receipts.
/// @param epoch Epoch of the receipts.
/// @param block_ Block whose hash draws the receipts that are to be shown; 0 once they were.
struct Coverage {
    bytes32 root;
    uint64 count;
    uint64 epoch;
    uint64 block_;
}

/// @notice A receipt that was drawn.
/// @param filed Report of its copy and epoch; its count is 0 if none was filed.
/// @param siblings Proof that the receipt is the drawn leaf.
struct Shown {
    Receipt receipt;
    bytes signature;
    Report filed;
    bytes32[] siblings;
}

/// @notice How a panel voted, and how its case ended. Verdicts are those of the court: 1 accepts, 2 rejects, 3 is a draw.
/// @param unlocked Jurors whose stake the case has unlocked before.
/// @param parties Openers of the case, who do not vote.
/// @param votes Two bits for each juror: its verdict, 0 for silence.
/// @param ruling Ruling of this panel.
/// @param last Last ruling of the case.
/// @param stake Amount that each juror has locked.
struct Outcome {
    address[] panel;
    address[] unlocked;
    address[] parties;
    uint256 votes;
    uint8 ruling;
    uint8 last;
    uint64 stake;
}

/// @title Provers: their stakes, the pool that pays them, and the drawing of panels.
/// @notice Holds all stakes and earnings, and the prover pool, which is the rest of the balance. The treasury credits
/// the provers' cut of each payment to this contract. Anyone may add to the pool by a transfer. A prover is one lot in
/// the drawing and one vote on the panel, regardless of its stake. A juror locks a whole stake for each case that it
/// judges, so more stake means more cases at a time.
///
/// Who can be drawn for a case is fixed when it opens: provers that have been listed for a week. Who asks to leave can be
/// drawn until its stake has left, and is punished for silence like anybody. While the launch is guarded, the protocol's
/// owner admits provers.
///
/// **Coverage** is paid for work that shows. A prover tests hosts, and their signed receipts are the leaves of its report
/// for an epoch. Leaves that are drawn after the report are to be shown, at once, or it pays nothing. Each earns a part of
/// the fee, and only as far as its host goes: what one copy's receipts of an epoch can earn all provers is the prover
/// pool's cut of the fees that its host reported for that epoch. So a host that pays itself through a prover of its own
/// gets back a part of what it paid, and no prover earns by standing by.
interface IProverRegistry {
    /// @notice Only the court may call this.
    error NotCourt(address caller, address court);

    /// @notice Only the protocol's owner may call this.
    error NotOwner(address caller, address owner);

    /// @notice During the guarded launch the protocol's owner admits provers, and has not admitted this one.
    error ProverNotAdmitted(address prover);

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

    /// @notice Coverage of an epoch is reported once, after it, within two epochs, and in the epochs' order. The prover was
    /// listed before it.
    error CoverageEpoch(uint64 epoch, uint64 first, uint64 last);

    /// @notice Coverage needs the root of the receipts and their number.
    error CoverageEmpty();

    /// @notice There is nothing to show, or its time has passed: it pays nothing.
    error CoverageLapsed(address prover, uint256 blockNumber, uint256 until);

    /// @notice Exactly the drawn receipts are to be shown.
    error ShownCount(uint256 count, uint256 needed);

    /// @notice The receipt is not the drawn leaf, is of another epoch, or is shown twice.
    error ShownInvalid(uint256 place, uint64 index);

    /// @notice The block whose hash draws has not come.
    error BlockPending(uint256 blockNumber, uint256 needed);

    /// @notice The owner admitted a prover, or took the admission back.
    event Admitted(address indexed prover, bool admitted);

    /// @notice A prover added to its stake.
    event Staked(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover was added to the list from which panels are drawn, or removed from it.
    event Listed(address indexed prover, bool listed);

    /// @notice The prover is leaving. Its stake thaws until `exitAt`.
    event Leaving(address indexed prover, uint64 exitAt);

    /// @notice The stake went back to the prover.
    event Left(address indexed prover, uint256 amount);

    /// @notice The prover reported what it tested in the epoch. The block's hash draws what is to be shown.
    event CoverageReported(
        address indexed prover, uint64 indexed epoch, uint64 count, bytes32 root, uint64 blockNumber
    );

    /// @notice The prover showed the drawn receipts, and is owed the fee.
    event Covered(address indexed prover, uint64 indexed epoch, uint256 fee);

    /// @notice The prover lost part of its stake, which was burned.
    event Penalised(address indexed prover, uint256 amount, uint256 stake);

    /// @notice The prover is owed the pay for a vote.
    event Rewarded(address indexed prover, uint256 amount);

    /// @notice The prover's earnings were paid.
    event EarningsClaimed(address indexed prover, uint256 amount);

    /// @notice Admits a prover, or takes its admission back. Only the protocol's owner may call this. Provers that are
    /// listed stay listed.
    function admit(address prover, bool admitted) external;

    /// @notice Adds to the caller's stake, and lists the caller if it is not listed. Reverts while the protocol is
    /// paused.
    function stake(uint256 amount) external;

    /// @notice The caller leaves. Its stake thaws as long as a copy's collateral does, and for a week from its listing at
    /// least. Until the stake has left, the caller can be drawn.
    function exit() external;

    /// @notice Sends a leaving prover its stake, from `exitAt` on and once no open case holds any of it. Anyone may
    /// call this.
    function withdraw(address prover) external returns (uint256 amount);

    /// @notice Reports what the caller tested in an epoch.
    function cover(uint64 epoch, uint64 count, bytes32 root) external;

    /// @notice Shows the drawn receipts, at most 256 blocks after the drawing block. The caller is owed at most
    /// min(coverage fee, its equal part of the pool), in equal parts for each receipt, within what its host has left.
    function show(Shown[] calldata shown) external returns (uint256 fee);

    /// @notice Indexes of the leaves that are to be shown.
    function drawnLeaves(address prover) external view returns (uint64[] memory indexes);

    /// @notice Pays a prover its earnings. Anyone may call this; the money goes to the prover.
    function claim(address prover) external returns (uint256 amount);

    /// @notice Draws a panel and locks a stake of each juror. Only the court may call this.
    /// @dev The panel depends on the seed and on what was fixed when the case opened, and on nothing else: a juror whose
    /// stake has left meanwhile, or is locked by other cases, leaves its seat empty and nobody takes it. So no account can
    /// choose among panels by coming, leaving or waiting.
    /// @param seats Number of seats, at most the eligible provers.
    /// @param excluded Parties of the case, who were known when it opened.
    /// @param seated Jurors of an earlier panel of the same case, whose stake is locked already.
    /// @param stake_ Amount to lock for each.
    /// @return panel Drawn provers, one for each seat that is not empty.
    function draw(
        bytes32 seed,
        uint256 seats,
        Electorate calldata electorate,
        address[] calldata excluded,
        address[] calldata seated,
        uint64 stake_
    ) external returns (address[] memory panel);

    /// @notice Settles a panel: unlocks stakes, burns losses, and pays votes from the pool. Only the court may call this.
    /// A juror whose ruling fell loses its stake. One that was silent, or stood against both rulings, loses a penalty. The
    /// others are paid. After a draw only silence costs.
    function settle(Outcome calldata outcome) external;

    /// @notice One prover, or all zeros if it does not exist.
    function provers(address prover) external view returns (Prover memory);

    /// @notice The latest coverage report of a prover, or zeros.
    function coverages(address prover) external view returns (Coverage memory);

    /// @notice What receipts of a copy's epoch have earned provers.
    function earnedFrom(CopyId id, uint64 epoch) external view returns (uint256);

    /// @notice Whether the owner has admitted the prover.
    function admitted(address prover) external view returns (bool);

    /// @notice Amount that `claim` would pay.
    function earned(address prover) external view returns (uint256);

    /// @notice Number of listed provers.
    function listed() external view returns (uint256);

    /// @notice Number of places, of provers that are listed and of those that have left.
    function placeCount() external view returns (uint256);

    /// @notice One place of the list, from 0.
    function places(uint256 index) external view returns (Place memory);

    /// @notice Who could be drawn for a case that opens now.
    function electorate() external view returns (Electorate memory);

    /// @notice Balance of the pool: the contract's balance minus all stakes and earnings.
    function pool() external view returns (uint256);

    /// @notice All stakes and all unpaid earnings.
    function committed() external view returns (uint256);
}
