// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IProtocol } from "../interfaces/IProtocol.sol";
import { Electorate, IProverRegistry, Place, Prover, Settlement } from "../interfaces/IProverRegistry.sol";
import { BURNED } from "../lib/Types.sol";
import { Ownable } from "@openzeppelin/contracts/access/Ownable.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `IProverRegistry`.
/// @dev The list only grows, so that places are in the order of their age. A place whose prover has left is passed over.
contract ProverRegistry is IProverRegistry {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    /// @dev A stake must be this old to judge, and stays this long at least.
    uint64 private constant SEASONING = 7 days;

    IERC20 private immutable USD;
    IProtocol private immutable PROTOCOL;
    address private immutable COURT;

    /// @inheritdoc IProverRegistry
    mapping(address prover => bool) public admitted;
    /// @inheritdoc IProverRegistry
    mapping(address prover => uint256) public earned;
    /// @inheritdoc IProverRegistry
    uint256 public committed;

    mapping(address account => Prover) private _provers;
    Place[] private _places;
    /// @dev Number of places whose prover has left.
    uint256 private _left;

    /// @dev Each prover's part of the pool in one epoch, fixed by the first coverage paid in it.
    uint64 private _shareEpoch;
    uint128 private _share;

    constructor(IERC20 usd, IProtocol protocol, address court) {
        USD = usd;
        PROTOCOL = protocol;
        COURT = court;
    }

    modifier onlyCourt() {
        require(msg.sender == COURT, NotCourt(msg.sender, COURT));
        _;
    }

    /* PROVERS */

    /// @inheritdoc IProverRegistry
    function admit(address account, bool admitted_) external {
        address owner = Ownable(address(PROTOCOL)).owner();
        require(msg.sender == owner, NotOwner(msg.sender, owner));

        admitted[account] = admitted_;
        emit Admitted(account, admitted_);
    }

    /// @inheritdoc IProverRegistry
    function stake(uint256 amount) external {
        Prover storage prover = _provers[msg.sender];
        PROTOCOL.requireOpen();
        uint256 total = prover.stake + amount;
        uint256 min = PROTOCOL.proverStake();
        require(admitted[msg.sender] || !PROTOCOL.guarded(), ProverNotAdmitted(msg.sender));
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(total >= min, StakeBelowMin(total, min));

        committed += amount;
        prover.stake = total.toUint128();
        emit Staked(msg.sender, amount, total);
        if (prover.place == 0) _enlist(msg.sender, prover);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc IProverRegistry
    function exit() external {
        Prover storage prover = _provers[msg.sender];
        require(prover.exitAt == 0, ProverLeaving(msg.sender, prover.exitAt));
        require(prover.stake > 0, NotListed(msg.sender));

        uint256 exitAt = PROTOCOL.time() + PROTOCOL.thaw();
        if (prover.place != 0) exitAt = Math.max(exitAt, uint256(_places[prover.place - 1].since) + SEASONING);

        prover.exitAt = exitAt.toUint64();
        emit Leaving(msg.sender, prover.exitAt);
    }

    /// @inheritdoc IProverRegistry
    function withdraw(address account) external returns (uint256 amount) {
        Prover storage prover = _provers[account];
        uint64 time = PROTOCOL.time();
        require(prover.exitAt != 0, NotLeaving(account));
        require(time >= prover.exitAt, StakeThawing(time, prover.exitAt));
        require(prover.locked == 0, StakeLocked(account, prover.locked));

        if (prover.place != 0) _delist(account, prover);
        amount = prover.stake;
        committed -= amount;
        delete _provers[account];
        emit Left(account, amount);

        USD.safeTransfer(account, amount);
    }

    /// @inheritdoc IProverRegistry
    function cover(bytes32 root) external returns (uint256 fee) {
        Prover storage prover = _provers[msg.sender];
        require(prover.place != 0, NotListed(msg.sender));
        uint64 epoch = PROTOCOL.epoch();
        uint64 since = uint64(_places[prover.place - 1].since / PROTOCOL.epochLength());
        uint64 first = uint64(Math.max(since, prover.covered)) + 1;
        require(epoch >= first, CoverageTooEarly(epoch, first));
        require(root != 0, CoverageRootMissing());

        if (_shareEpoch != epoch) {
            _shareEpoch = epoch;
            _share = Math.min(PROTOCOL.coverageFee(), pool() / listed()).toUint128();
        }
        fee = Math.min(_share, pool());
        prover.covered = epoch;
        _earn(msg.sender, fee);
        emit Covered(msg.sender, epoch, root, fee);
    }

    /// @inheritdoc IProverRegistry
    function claim(address account) external returns (uint256 amount) {
        amount = earned[account];
        if (amount == 0) return 0;

        earned[account] = 0;
        committed -= amount;
        emit EarningsClaimed(account, amount);

        USD.safeTransfer(account, amount);
    }

    /* COURT ONLY */

    /// @inheritdoc IProverRegistry
    function draw(
        bytes32 seed,
        uint256 seats,
        Electorate calldata electorate_,
        address[] calldata excluded,
        address[] calldata seated,
        uint64 stake_
    ) external onlyCourt returns (address[] memory panel) {
        address[] memory drawn = _sample(seed, seats, electorate_, excluded);
        panel = new address[](seats);
        uint256 count;
        for (uint256 i; i < seats; ++i) {
            Prover storage prover = _provers[drawn[i]];
            if (!_contains(seated, drawn[i])) {
                if (prover.place == 0 || prover.stake - prover.locked < stake_) continue;
                prover.locked += stake_;
            }
            panel[count++] = drawn[i];
        }
        assembly ("memory-safe") {
            mstore(panel, count)
        }
    }

    /// @inheritdoc IProverRegistry
    function settle(Settlement[] calldata settlements) external onlyCourt {
        (uint256 burned, uint256 pay) = (0, PROTOCOL.coverageFee());
        for (uint256 i; i < settlements.length; ++i) {
            Settlement calldata settlement = settlements[i];
            Prover storage prover = _provers[settlement.juror];
            prover.locked -= settlement.unlocked;
            if (settlement.loss > 0) burned += _penalise(settlement.juror, prover, settlement.loss);
        }
        committed -= burned;
        if (burned > 0) USD.safeTransfer(BURNED, burned);

        for (uint256 i; i < settlements.length; ++i) {
            if (!settlements[i].paid) continue;
            uint256 amount = Math.min(pay, pool());
            _earn(settlements[i].juror, amount);
            emit Rewarded(settlements[i].juror, amount);
        }
    }

    /* VIEWS */

    /// @inheritdoc IProverRegistry
    function provers(address account) external view returns (Prover memory) {
        return _provers[account];
    }

    /// @inheritdoc IProverRegistry
    function listed() public view returns (uint256) {
        return _places.length - _left;
    }

    /// @inheritdoc IProverRegistry
    function placeCount() external view returns (uint256) {
        return _places.length;
    }

    /// @inheritdoc IProverRegistry
    function places(uint256 index) external view returns (Place memory) {
        return _places[index];
    }

    /// @inheritdoc IProverRegistry
    function electorate() external view returns (Electorate memory) {
        uint64 time = PROTOCOL.time();
        (uint256 low, uint256 high) = (0, _places.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_places[middle].since + SEASONING <= time) low = middle + 1;
            else high = middle;
        }
        // all that have left were a week old: no stake leaves earlier, and no younger one is drawn
        return Electorate({ places: low.toUint32(), eligible: (low - _left).toUint32(), openedAt: uint48(time) });
    }

    /// @inheritdoc IProverRegistry
    function pool() public view returns (uint256) {
        return USD.balanceOf(address(this)) - committed;
    }

    /* INTERNAL */

    /// @dev Draws places until `seats` different provers are found that were eligible and are not excluded. Every set of
    /// them is equally likely, apart from the bias of a 256-bit remainder. Stops when so many places are passed over that
    /// the remaining seats stay empty, as zeros.
    function _sample(bytes32 seed, uint256 seats, Electorate calldata from, address[] calldata excluded)
        private
        view
        returns (address[] memory drawn)
    {
        drawn = new address[](seats);
        uint256 count;
        uint256 tries = 32 * seats * (1 + uint256(from.places) / Math.max(1, from.eligible));
        for (uint256 i; i < tries && count < seats; ++i) {
            Place memory place = _places[uint256(keccak256(abi.encode(seed, i))) % from.places];
            bool eligible = place.leftAt == 0 || place.leftAt > from.openedAt;
            if (!eligible || _contains(excluded, place.prover) || _isAmong(drawn, count, place.prover)) continue;
            drawn[count++] = place.prover;
        }
    }

    function _contains(address[] calldata accounts, address account) private pure returns (bool) {
        for (uint256 i; i < accounts.length; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _isAmong(address[] memory accounts, uint256 count, address account) private pure returns (bool) {
        for (uint256 i; i < count; ++i) {
            if (accounts[i] == account) return true;
        }
        return false;
    }

    function _enlist(address account, Prover storage prover) private {
        _places.push(Place({ prover: account, since: uint48(PROTOCOL.time()), leftAt: 0 }));
        prover.place = _places.length.toUint32();
        emit Listed(account, true);
    }

    function _delist(address account, Prover storage prover) private {
        _places[prover.place - 1].leftAt = uint48(PROTOCOL.time());
        prover.place = 0;
        ++_left;
        emit Listed(account, false);
    }

    /// @dev Takes what is not locked by other cases, and no more.
    function _penalise(address account, Prover storage prover, uint256 loss) private returns (uint256 taken) {
        taken = Math.min(loss, prover.stake - prover.locked);
        // at most the stake, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        prover.stake -= uint128(taken);
        emit Penalised(account, taken, prover.stake);
        if (prover.place != 0 && prover.stake < PROTOCOL.proverStake()) _delist(account, prover);
    }

    function _earn(address account, uint256 amount) private {
        earned[account] += amount;
        committed += amount;
    }
}
